// jest-circus makes a storage of its own for each test file, which from then on is copied to every promise of the worker and keeps what its tests
// held: after some hundred files that is half of a worker's time. Here it ends with its file.
'use strict';
const hooks = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

const open = new Set();

hooks.AsyncLocalStorage = class extends hooks.AsyncLocalStorage {
  constructor(...options) {
    super(...options);
    if (new Error().stack?.includes('jest-circus')) open.add(this);
  }
};

module.exports = class TidyEnvironment extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of open) storage.disable();
    open.clear();
  }
};
