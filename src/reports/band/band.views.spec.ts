import { causeLines, verdictOf } from './band.views.js';
import type { BandCause } from './band.types.js';

const cause = (name: string, excess: number): BandCause => ({
  cause: name,
  excess,
  share: excess / 0.05,
  action: 'redial',
  evidence: { here: 0.5, usual: 0.4 },
});
const CONTEXT = { code: 'c', rate: 'total', role: 'planner', breach: false } as const;
const BAND = { main: 'no_answer', bestSlot: null, from: '2026-11-24', to: '2026-11-24' };

describe('CAM-8 the table of causes', () => {
  it('shows a cause of 150 % of the gap as what it is, 7.5 points, and apart from it what works against it; all add up to the gap', () => {
    const { pulling, against, rest } = causeLines(
      { ...BAND, causes: [cause('no_answer', 0.075), cause('busy', 0.0004), cause('rejected', -0.0254)] },
      CONTEXT,
    );
    expect(pulling.lines.map((line) => [line.cause, line.effect, line.bar, line.main])).toEqual([['no_answer', -0.075, 1, true]]);
    expect(against.lines.map((line) => [line.cause, line.effect, line.deed])).toEqual([['rejected', 0.0254, undefined]]);
    expect(pulling.effect + against.effect + (rest?.effect ?? 0)).toBeCloseTo(-0.05, 12);
  });

  it('draws each bar as its part of the largest, whichever way that works, and lists the largest first on both sides', () => {
    const { pulling, against } = causeLines(
      { ...BAND, causes: [cause('no_answer', 0.02), cause('busy', 0.01), cause('rejected', -0.01), cause('suspended', -0.04)] },
      CONTEXT,
    );
    expect(pulling.lines.map(({ bar }) => bar)).toEqual([0.5, 0.25]);
    expect(against.lines.map(({ cause: name, bar }) => [name, bar])).toEqual([
      ['suspended', 1],
      ['rejected', 0.25],
    ]);
  });

  it('has nothing to show where nothing is missing', () => {
    expect(causeLines({ ...BAND, main: null, causes: [] }, CONTEXT)).toMatchObject({
      pulling: { lines: [] },
      against: { lines: [] },
      rest: undefined,
    });
  });
});

describe('CAM-8 what is said above both rates', () => {
  it.each([
    ['one is below', ['within', 'below'], 'low'],
    ['one is below, the other has too few calls', ['too-few', 'below'], 'low'],
    ['neither has calls enough', ['too-few', 'too-few'], 'unjudged'],
    ['the one that can be judged is in the band', ['within', 'too-few'], 'fine'],
    ['both are in it or above', ['above', 'within'], 'fine'],
  ] as const)('%s', (_name, states, verdict) => {
    expect(verdictOf(states.map((state) => ({ state })))).toBe(verdict);
  });
});
