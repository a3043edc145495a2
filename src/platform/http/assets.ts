import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the vendor files lie in node_modules, for a tree whose assets were not built. */
const VENDOR: Record<string, string> = {
  'htmx.min.js': 'htmx.org/dist/htmx.min.js',
  'hx-sse.min.js': 'htmx.org/dist/ext/hx-sse.min.js',
  'tabler.min.css': '@tabler/core/dist/css/tabler.min.css',
  'tabler-icons.min.css': '@tabler/icons-webfont/dist/tabler-icons.min.css',
  'fonts/tabler-icons.woff2': '@tabler/icons-webfont/dist/fonts/tabler-icons.woff2',
  'echarts.min.js': 'echarts/dist/echarts.min.js',
};

/** One hash over everything served, so that a new build has new addresses and browsers may keep the old ones for ever. */
function versionOf(root: string): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package.json')));
  for (const entry of readdirSync(join(root, 'templates/public'), { withFileTypes: true })) {
    if (entry.isFile()) hash.update(readFileSync(join(root, 'templates/public', entry.name)));
  }
  return hash.digest('hex').slice(0, 12);
}

/**
 * Serves `templates/public` under a versioned prefix, with the .br and .gz beside a file where a build made them.
 * @returns the prefix, `/static/<version>`
 */
export async function registerAssets(app: NestFastifyApplication, fastify: FastifyInstance, root: string): Promise<string> {
  const prefix = `/static/${versionOf(root)}`;
  const folder = join(root, 'templates/public');
  await app.register(fastifyStatic, {
    root: folder,
    prefix: `${prefix}/`,
    index: false,
    list: false,
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
  });
  fastify.get('/favicon.ico', (_request, reply) => reply.sendFile('favicon.svg', folder, { maxAge: '1d', immutable: false }));
  for (const [name, source] of Object.entries(VENDOR)) {
    if (existsSync(join(folder, 'vendor', name))) continue;
    const file = join(root, 'node_modules', source);
    fastify.get(`${prefix}/vendor/${name}`, (_request, reply) => reply.sendFile(source.split('/').at(-1) ?? name, dirname(file)));
  }
  return prefix;
}
