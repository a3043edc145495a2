import { standingOf, STALL_CAUSES, type StallCause, type StallFacts, type WayOut } from './stall.policy.js';

const NOW = new Date('2026-11-24T10:30:00+08:00');
const before = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);
const after = (minutes: number): Date => before(-minutes);
const up: WayOut = { code: 'main', active: true, downUntil: null, downSince: null, downCode: null, throttledAt: null };
const down: WayOut = { ...up, downSince: before(20), downUntil: after(1), downCode: 'ECONNREFUSED' };
const off: WayOut = { ...up, active: false };

const stuck: StallFacts = {
  state: 'running',
  stoppedByLimit: false,
  left: 38_000,
  awaited: 0,
  inDoubt: 0,
  answered: 62_000,
  notBefore: null,
  closedUntil: null,
  gateways: [up],
  unfiled: null,
  job: { state: 'running', error: null },
  since: before(10),
  lookedAt: before(1),
};
const standing = (change: Partial<StallFacts>) => standingOf({ ...stuck, ...change }, NOW, 10);

describe('R7 a blast that stands still', () => {
  const cases: [string, Partial<StallFacts>, StallCause, object][] = [
    ['a limit stopped it and nobody came', { state: 'paused', stoppedByLimit: true }, 'guard', { left: 38_000 }],
    ['nobody works off any jobs', { lookedAt: before(12) }, 'queue_not_running', { at: before(12).toISOString() }],
    ['nobody ever did', { lookedAt: null }, 'queue_not_running', { at: null }],
    ['its job is due and nobody takes it', { job: { state: 'due', error: null } }, 'queue_not_running', {}],
    ['its job is gone', { job: { state: 'none', error: null } }, 'queue_not_running', {}],
    ['all its gateways are switched off', { gateways: [off, { ...off, code: 'spare' }] }, 'no_gateway', { gateways: 'main、spare' }],
    ['its signature is not filed any more', { unfiled: { gateway: 'main', day: '2026-11-23' } }, 'not_filed', { gateway: 'main', day: '2026-11-23' }],
    ['its gateway is down', { gateways: [down] }, 'gateway_down', { gateway: 'main', code: 'ECONNREFUSED', at: before(20).toISOString() }],
    ['its gateway is down, the other one off', { gateways: [off, { ...down, code: 'spare' }] }, 'gateway_down', { gateway: 'spare' }],
    ['its gateway is down and about to be tried', { gateways: [{ ...down, downUntil: before(0) }] }, 'gateway_down', { gateway: 'main' }],
    ['its gateway says we are too quick', { gateways: [{ ...up, throttledAt: before(2) }] }, 'throttled', { gateway: 'main' }],
    ['its job fails', { job: { state: 'failing', error: 'no space left' } }, 'queue_failing', { error: 'no space left' }],
    ['its job is at work and gets nowhere', {}, 'hanging', { left: 38_000 }],
    ['all went out, some are in doubt', { left: 0, inDoubt: 3, awaited: 2 }, 'in_doubt', { count: 3 }],
    ['not one receipt came', { left: 0, awaited: 500, answered: 0 }, 'no_receipts', { count: 500 }],
  ];

  it.each(cases)('%s', (_what, change, cause, detail) => {
    expect(standing(change)).toMatchObject({ kind: 'stalled', cause, detail, since: before(10) });
  });

  it('has a case of every cause', () => {
    expect(new Set(cases.map(([, , cause]) => cause))).toEqual(new Set(STALL_CAUSES));
  });

  it.each<[string, Partial<StallFacts>]>([
    ['it moved nine minutes ago', { since: before(9.9) }],
    ['a throttled gateway takes some all the same', { since: before(1), gateways: [{ ...up, throttledAt: before(1) }] }],
  ])('does not while %s', (_what, change) => {
    expect(standing(change)).toEqual({ kind: 'moving' });
  });

  it.each<[string, Partial<StallFacts>]>([
    ['it is a draft', { state: 'draft' }],
    ['a person paused it', { state: 'paused' }],
    ['it is done', { state: 'done', left: 0 }],
    ['it was cancelled', { state: 'cancelled', left: 0, awaited: 10, answered: 0 }],
    ['only telephones that are off have not answered', { left: 0, awaited: 40 }],
  ])('has nothing to do when %s', (_what, change) => {
    expect(standing(change)).toEqual({ kind: 'idle' });
  });

  it.each<[string, Partial<StallFacts>, string, Date]>([
    ['its hour', { notBefore: after(30) }, 'not_before', after(30)],
    ['the window', { closedUntil: after(600) }, 'window', after(600)],
    ['the window, though its gateway is down', { closedUntil: after(600), gateways: [down] }, 'window', after(600)],
  ])('waits for %s, which is in order', (_what, change, cause, until) => {
    expect(standing(change)).toEqual({ kind: 'waits', cause, until });
  });

  it('at night nothing waits for the window when only answers are missing', () => {
    expect(standing({ left: 0, inDoubt: 1, closedUntil: after(600) })).toMatchObject({ cause: 'in_doubt' });
  });

  it('another gateway that answers is not named, whatever the first one does', () => {
    expect(standing({ gateways: [down, { ...up, code: 'spare' }] })).toMatchObject({ cause: 'hanging' });
  });
});
