// Lets plain `node` run this project's TypeScript: for the test set-up and the benchmarks, never for the product.
'use strict';
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const { exclude, $schema, ...options } = JSON.parse(readFileSync(path.join(__dirname, '..', '.swcrc'), 'utf8'));
const resolve = Module._resolveFilename;

// sources say './x.js' (what the built file will be called); before a build that file is './x.ts'
Module._resolveFilename = function (request, parent, ...rest) {
  if (request.startsWith('.') && request.endsWith('.js') && parent?.filename?.endsWith('.ts')) {
    const source = path.resolve(path.dirname(parent.filename), request.slice(0, -3) + '.ts');
    if (existsSync(source)) return source;
  }
  return resolve.call(this, request, parent, ...rest);
};

const CACHE = path.join(__dirname, '..', 'node_modules', '.cache', 'starcare-swc');
const settings = JSON.stringify(options) + require('@swc/core').version;

function compiled(filename) {
  const source = readFileSync(filename, 'utf8');
  const kept = path.join(CACHE, createHash('sha1').update(settings).update(filename).update(source).digest('hex'));
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = transformSync(source, { ...options, sourceMaps: 'inline', swcrc: false, filename });
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, code);
  renameSync(`${kept}.${process.pid}`, kept); // whole or not at all: several processes start at once
  return code;
}

Module._extensions['.ts'] = (module, filename) => module._compile(compiled(filename), filename);
