// Lets plain `node` run this project's TypeScript: for the test set-up and the benchmarks, never for the product.
'use strict';
const { readFileSync, existsSync } = require('node:fs');
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

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, sourceMaps: 'inline', swcrc: false, filename });
  module._compile(code, filename);
};
