import { agentOf, bandOfDay, runsDry, standingOf } from './live.policy.js';
import type { AgentFacts } from './live.types.js';

const NOW = new Date('2026-11-24T10:00:00+08:00');
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

const facts = (own: Partial<AgentFacts>): AgentFacts => ({
  id: '1',
  username: 'm01',
  name: '林晓雯',
  team: '东一组',
  share: 100,
  absence: null,
  heldSince: null,
  heldCampaign: null,
  lastAttemptAt: null,
  lastOutcomeZh: null,
  lastOutcomeEn: null,
  attempts: 0,
  connected: 0,
  left: 5,
  ...own,
});

describe('REP-2 what a manager does at this moment', () => {
  test.each([
    ['holds a customer', { heldSince: ago(3) }, 'call', ago(3)],
    ['holds one for twenty minutes: still a call', { heldSince: ago(20) }, 'call', ago(20)],
    ['holds one for longer: somebody should look', { heldSince: ago(21) }, 'long', ago(21)],
    ['is away, but calls all the same', { heldSince: ago(1), share: 0 }, 'call', ago(1)],
    ['is away', { share: 0, lastAttemptAt: ago(5) }, 'away', null],
    ['has nothing left', { left: 0, lastAttemptAt: ago(5) }, 'dry', ago(5)],
    ['has work and holds nobody', { lastAttemptAt: ago(4) }, 'idle', ago(4)],
    ['has not begun', {}, 'off', null],
  ] as const)('%s', (_name, own, state, since) => {
    expect(agentOf(facts(own), NOW)).toMatchObject({ state, since });
  });

  test.each([
    ['nobody dials it', 0, 0, false],
    ['less than an hour for one', 1, 7, true],
    ['an hour for one', 1, 8, false],
    ['but not for three', 3, 8, true],
  ])('a list runs dry: %s', (_name, agents, ready, dry) => {
    expect(runsDry({ agents, ready })).toBe(dry);
  });

  it('the band of a day is that of its campaigns, each as heavy as its calls', () => {
    const band = (lower: number | null, upper: number | null) => ({ lower, upper });
    const day = [
      { attempts: 300, band: band(0.3, 0.4) },
      { attempts: 100, band: band(0.5, null) },
      { attempts: 0, band: band(0.9, 0.9) },
      { attempts: 50, band: null },
    ];
    expect(bandOfDay(day)).toEqual({ lower: 0.35, upper: 0.4 });
    expect(bandOfDay([])).toEqual({ lower: null, upper: null });
  });

  const breach = (rate: 'total' | 'first', direction: 'below' | 'above') => ({ rate, direction, rule: 'limit' as const, openedAt: ago(60) });
  it.each([
    ['a breach that is open, whatever the calls say now', 'within', [breach('total', 'below')], true, ['below', 'total', null]],
    ['too few calls to close it', 'too-few', [breach('total', 'above')], true, ['above', 'total', null]],
    ['of both rates that of all calls', 'below', [breach('first', 'above'), breach('total', 'below')], true, ['below', 'total', null]],
    ['only first dials', 'within', [breach('first', 'below')], true, ['below', 'first', null]],
    ['not looked at in this hour', 'below', [], true, ['pending', 'total', 'not_looked']],
    ['it stands still', 'above', [], false, ['pending', 'total', 'not_running']],
    ['in the band', 'within', [], true, ['within', 'total', null]],
    ['too few calls', 'too-few', [], true, ['too-few', 'total', null]],
  ] as const)('CAM-8 how a campaign stands: %s', (_name, judged, breaches, running, [state, rate, why]) => {
    expect(standingOf(judged, breaches, running)).toMatchObject({ state, rate, why });
  });

  it('CAM-8 what cannot be judged stands nowhere', () => {
    expect(standingOf(null, [], true)).toBeNull();
  });
});
