import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('R9 the commands of an operator where the product is built already, as in the image', () => {
  let image: string;

  beforeAll(() => {
    image = mkdtempSync(join(tmpdir(), 'starcare-image-'));
    cpSync('package.json', join(image, 'package.json'));
    mkdirSync(join(image, 'dist'));
    for (const name of ['back-up', 'restore']) writeFileSync(join(image, `dist/${name}.js`), 'console.log("ran with", process.argv[2])');
  });
  afterAll(() => rmSync(image, { recursive: true, force: true }));

  // neither sources nor scripts are there, and what runs from dist must not have it built anew beneath it
  it.each(['backup', 'restore'])('npm run %s builds nothing and runs', (command) => {
    const { status, stdout } = spawnSync('npm', ['run', command, '--', 'monday'], { cwd: image, encoding: 'utf8' });
    expect(stdout).toContain('ran with monday');
    expect(status).toBe(0);
  });
});
