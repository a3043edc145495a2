// Copies the browser files of our dependencies to templates/public/vendor and compresses them once, so that no request pays for it.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');
const vendor = path.join(root, 'templates', 'public', 'vendor');
const stampFile = path.join(vendor, 'stamp.json');

const FILES = {
  'htmx.min.js': 'htmx.org/dist/htmx.min.js',
  'hx-sse.min.js': 'htmx.org/dist/ext/hx-sse.min.js',
  'echarts.min.js': 'echarts/dist/echarts.min.js',
  'tabler.min.css': '@tabler/core/dist/css/tabler.min.css',
  'tabler-icons.min.css': '@tabler/icons-webfont/dist/tabler-icons.min.css',
  'fonts/tabler-icons.woff2': '@tabler/icons-webfont/dist/fonts/tabler-icons.woff2',
};
const PACKAGES = ['htmx.org', 'echarts', '@tabler/core', '@tabler/icons-webfont'];

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

/** No maps are shipped, and of the icon font only woff2, which every browser of the last ten years reads. */
function trimmed(name, content) {
  if (name.endsWith('.woff2')) return content;
  const text = content
    .toString('utf8')
    .replace(/\n?\/\/# sourceMappingURL=.*$/m, '')
    .replace(/\/\*# sourceMappingURL=.*?\*\//g, '');
  if (name !== 'tabler-icons.min.css') return Buffer.from(text);
  const fonts = text.replace(/src:url\([^)]*woff2[^)]*\)[^;}]*/g, 'src:url("fonts/tabler-icons.woff2") format("woff2")');
  return Buffer.from(fonts.replace('{', '{font-display:block;'));
}

async function ship([name, source]) {
  const content = trimmed(name, await readFile(path.join(modules, source)));
  const target = path.join(vendor, name);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, content);
  if (name.endsWith('.woff2')) return;
  await writeFile(`${target}.br`, await brotli(content, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 10 } }));
  await writeFile(`${target}.gz`, await gzip(content, { level: 9 }));
}

/** Does nothing when the same versions were shipped by the same script before. */
export async function buildAssets() {
  const versions = {};
  for (const name of PACKAGES) versions[name] = JSON.parse(await readFile(path.join(modules, name, 'package.json'), 'utf8')).version;
  const script = createHash('sha256')
    .update(await readFile(import.meta.filename))
    .digest('hex')
    .slice(0, 16);
  const stamp = JSON.stringify({ script, versions }, null, 2);
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return;
  await rm(vendor, { recursive: true, force: true });
  await Promise.all(Object.entries(FILES).map(ship));
  await writeFile(stampFile, stamp);
}

if (process.argv[1] === import.meta.filename) await buildAssets();
