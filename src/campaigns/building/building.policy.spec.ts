import { progressOf } from './building.policy.js';
import type { BuildingFacts } from './building.types.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 24, 2, 0, second));
const facts: BuildingFacts = {
  ...{ campaignId: '1', askedBy: '1', askedByName: '顾明哲', askedAt: at(0), expected: null, customers: 100_000 },
  ...{ startedAt: null, builtAt: null, failedAt: null, reason: null, params: {}, listed: false },
};

describe('CAM-2 how far a launch over many customers has come', () => {
  it.each<[what: string, change: Partial<BuildingFacts>, second: number, wanted: object]>([
    ['waits for its turn', {}, 30, { stage: 'queued', percent: 0, left: 20 }],
    ['computes the audience', { startedAt: at(0) }, 5, { stage: 'audience', percent: 25, left: 15 }],
    ['waits at the end of its step', { startedAt: at(0) }, 50, { stage: 'audience', percent: 49, left: 10 }],
    ['fills the list', { startedAt: at(0), builtAt: at(10) }, 15, { stage: 'list', percent: 75, left: 5 }],
    ['never says it is over before it is', { startedAt: at(0), builtAt: at(10) }, 59, { stage: 'list', percent: 95, left: 1 }],
    ['is over', { startedAt: at(0), builtAt: at(10), listed: true }, 59, { stage: 'done', percent: 100, left: null }],
    ['has failed', { startedAt: at(0), failedAt: at(10), reason: 'audience_changed' }, 59, { stage: 'failed', percent: 0, left: null }],
  ])('%s', (_what, change, second, wanted) => expect(progressOf({ ...facts, ...change }, at(second), 10_000)).toEqual(wanted));

  it('knows no speed yet and supposes one', () => expect(progressOf({ ...facts, startedAt: at(0) }, at(0), null).left).toBe(40));
});
