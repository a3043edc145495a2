// What packages begin for a test file and never end, ends here with it. A worker runs some hundred files: what each left behind made the last of
// them run at half speed.
'use strict';
const hooks = require('node:async_hooks');
const perf = require('node:perf_hooks');
const { TestEnvironment } = require('jest-environment-node');

/** How to end what has begun since the last file. */
const open = [];

// jest-circus makes a storage for each test file. It is copied to every promise of the worker from then on, and whatever outlives the file holds on to
// what it stored: the tests and all they held. So only a holder is stored, which can be emptied.
hooks.AsyncLocalStorage = class extends hooks.AsyncLocalStorage {
  #own = new Error().stack?.includes('jest-circus');
  #holders = [];

  constructor(...options) {
    super(...options);
    if (this.#own) open.push(() => this.#end());
  }

  run(store, ...call) {
    if (!this.#own) return super.run(store, ...call);
    const holder = { store };
    this.#holders.push(holder);
    return super.run(holder, ...call);
  }

  getStore() {
    return this.#own ? super.getStore()?.store : super.getStore();
  }

  #end() {
    this.disable();
    for (const holder of this.#holders) holder.store = undefined;
    this.#holders = [];
  }
};

// prom-client watches the event loop and the collector for each registry of metrics, a hundred times a second.
const { monitorEventLoopDelay } = perf;
perf.monitorEventLoopDelay = (options) => {
  const delays = monitorEventLoopDelay(options);
  open.push(() => delays.disable());
  return delays;
};
perf.PerformanceObserver = class extends perf.PerformanceObserver {
  constructor(look) {
    super(look);
    open.push(() => this.disconnect());
  }
};

module.exports = class TidyEnvironment extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const end of open.splice(0)) end();
  }
};
