// The order of test files: those that start browsers and whole products, try many cases or live through months first, so that no worker is left alone
// with one of them at the end.
'use strict';
const Sequencer = require('@jest/test-sequencer').default;

const LONG = new Set(['browser', 'faults', 'property']);
const isLong = ({ path, context }) => LONG.has(context.config.displayName?.name) || path.endsWith('replay.e2e-spec.ts');

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests);
    return [...usual.filter(isLong), ...usual.filter((test) => !isLong(test))];
  }
};
