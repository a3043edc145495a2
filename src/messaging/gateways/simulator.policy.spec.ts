import { drawOf, planFate, SIMULATOR_DEFAULTS, simulatorFaults, simulatorSettings } from './simulator.policy.js';

const message = (n: number): { id: string; number: string } => ({ id: `id-${n}`, number: `+86138${String(n).padStart(8, '0')}` });

describe('the pretended network', () => {
  it('delivers everything and answers nothing unless told otherwise', () => {
    const fates = Array.from({ length: 500 }, (_, i) => planFate(SIMULATOR_DEFAULTS, message(i)));
    expect(new Set(fates.map((f) => f.fate))).toEqual(new Set(['delivered']));
    expect(fates.every((f) => f.lost === null && f.reply === null && f.latencyMs >= 800 && f.latencyMs <= 3000)).toBe(true);
  });

  it('treats a number the same each time', () => {
    const settings = simulatorSettings({ undelivered: 0.5, seed: 7 });
    expect(planFate(settings, { id: 'a', number: '+8613800138000' }).fate).toBe(planFate(settings, { id: 'b', number: '+8613800138000' }).fate);
  });

  it('keeps the shares it was given', () => {
    const settings = simulatorSettings({ rejected: 0.1, undelivered: 0.2, expired: 0.1, silent: 0.05 });
    const fates = Array.from({ length: 4000 }, (_, i) => planFate(settings, message(i)).fate);
    const share = (fate: string): number => fates.filter((f) => f === fate).length / fates.length;
    expect(share('rejected')).toBeCloseTo(0.1, 1);
    expect(share('undelivered')).toBeCloseTo(0.2, 1);
    expect(share('delivered')).toBeCloseTo(0.55, 1);
  });

  it('takes nonsense for the default', () => {
    expect(simulatorSettings({ rejected: 7, latencyMs: 'soon', seed: 'x' })).toEqual(SIMULATOR_DEFAULTS);
  });

  it.each([
    ['a share above one', { rejected: 1.01 }, ['rejected simulator_share_malformed']],
    ['what is no number', { optOut: '0.5', silent: NaN }, ['silent simulator_share_malformed', 'optOut simulator_share_malformed']],
    ['fates of more than everybody', { rejected: 0.6, undelivered: 0.6 }, ['rejected simulator_shares_over']],
    ['more lost lines than lines', { lostBefore: 0.7, lostAfter: 0.4 }, ['lostBefore simulator_shares_over']],
    ['a latency that is none', { latencyMs: [1] }, ['latencyFrom simulator_latency_malformed']],
    ['everybody, in tenths', { rejected: 0.1, undelivered: 0.2, expired: 0.3, silent: 0.4, optOut: 1, latencyMs: [9, 3] }, []],
  ])('says of %s what is wrong', (_name, wish, faults) => {
    expect(simulatorFaults(wish).map(({ param, code }) => `${param} ${code}`)).toEqual(faults);
  });

  it('draws evenly', () => {
    const draws = Array.from({ length: 2000 }, (_, i) => drawOf(`number ${i}`));
    expect(draws.reduce((a, b) => a + b, 0) / draws.length).toBeCloseTo(0.5, 1);
  });
});
