// The order of test files: those that start browsers and whole products, try many cases or live through months first, so that no worker is left alone
// with one of them at the end. Those with a browser take turns with the rest: the first of them fills the province, and a second one would wait for it.
'use strict';
const Sequencer = require('@jest/test-sequencer').default;

const LONG = new Set(['browser', 'faults', 'property']);
const projectOf = ({ context }) => context.config.displayName?.name;
const isLong = (test) => LONG.has(projectOf(test)) || test.path.endsWith('replay.e2e-spec.ts');

function inTurns(tests) {
  const [browser, others] = [tests.filter((test) => projectOf(test) === 'browser'), tests.filter((test) => projectOf(test) !== 'browser')];
  return others.flatMap((test, i) => [...browser.slice(i, i + 1), test]).concat(browser.slice(others.length));
}

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const usual = super.sort(tests);
    return [...inTurns(usual.filter(isLong)), ...usual.filter((test) => !isLong(test))];
  }
};
