// The order of test files: those that start browsers and whole products first, so that no worker is left alone with them at the end.
'use strict';
const Sequencer = require('@jest/test-sequencer').default;

const LONG = new Set(['browser', 'faults']);
const isLong = (test) => LONG.has(test.context.config.displayName?.name);

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests);
    return [...usual.filter(isLong), ...usual.filter((test) => !isLong(test))];
  }
};
