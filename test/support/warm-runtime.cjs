// The product and its packages are loaded once a worker, as in production, not anew for each test file: with some three thousand modules
// that is two seconds a file, and code that is warm already. A test file itself is still run in a world of its own.
'use strict';
const { createRequire } = require('node:module');
const path = require('node:path');
const Runtime = require('jest-runtime').default;
require('../../scripts/register.cjs');

// A password costs what a guess shall cost: thirty milliseconds and 19 MB, a dozen times a file. Here it costs next to nothing; what the product
// stores is looked at in test/faults, where it runs as it is.
const argon2 = require('@node-rs/argon2');
const hash = argon2.hash;
argon2.hash = (password) => hash(password, { memoryCost: 8, timeCost: 1 });

const root = path.resolve(__dirname, '..', '..');
const SHARED = [path.join(root, 'src') + path.sep, `${path.sep}node_modules${path.sep}`];

function resolved(from, name) {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return ''; // jest resolves some names of its own, and says what it could not find
  }
}

module.exports = class WarmRuntime extends Runtime {
  constructor(config, environment, ...rest) {
    super(config, environment, ...rest);
    Object.assign(environment.global, { Date, Error }); // so that `instanceof` holds for what a test hands to the product
  }

  requireModuleOrMock(from, name) {
    const file = resolved(from, name);
    return SHARED.some((part) => file.includes(part)) && !file.includes('@jest') ? require(file) : super.requireModuleOrMock(from, name);
  }
};
