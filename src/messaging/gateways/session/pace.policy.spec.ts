import { reconnectDelay } from './back-off.policy.js';
import { fullPace, slowed, taken } from './pace.policy.js';

describe('SMS-4 asked for less, a line slows down and opens again', () => {
  it('a whole window sent back counts once', () => {
    let pace = slowed(fullPace(100), 10, 20);
    expect(pace).toMatchObject({ allowed: 50, until: 120, pauseMs: 200 });
    for (const sentAt of [11, 15, 20]) pace = slowed(pace, sentAt, 21);
    expect(pace.allowed).toBe(50);
    expect(slowed(pace, 121, 130)).toMatchObject({ allowed: 25, until: 330, pauseMs: 400 });
  });

  it('never stops, and never waits longer than five seconds', () => {
    let pace = fullPace(8);
    for (let now = 0; now < 20; now += 1) pace = slowed(pace, now, now + 0.5);
    expect(pace.allowed).toBe(1);
    expect(pace.pauseMs).toBe(5000);
  });

  it('a pause grows only while nothing at all is taken', () => {
    const twice = slowed(slowed(fullPace(10), 1, 2), 110, 120);
    expect(twice.pauseMs).toBe(400);
    expect(taken(twice, 10).pauseMs).toBe(100);
  });

  it('opens with what is taken, up to the window', () => {
    let pace = slowed(fullPace(10), 1, 2);
    for (let i = 0; i < 200; i += 1) pace = taken(pace, 10);
    expect(pace).toMatchObject({ allowed: 10, pauseMs: 100 });
    expect(taken(pace, 10)).toBe(pace);
  });
});

describe('a line that fell is built up again with patience', () => {
  const settings = { firstMs: 500, mostMs: 60_000, refusedMs: 30_000 };
  const refused = { reason: 'refused', detail: '0x0000000E' } as const;
  it.each([
    [1, null, 0, 250],
    [1, null, 1, 500],
    [4, null, 1, 4000],
    [40, null, 1, 60_000],
    [400, null, 0, 30_000],
    [1, refused, 0, 15_000],
    [1, refused, 1, 30_000],
  ])('try %d, fault %o, draw %d: %d ms', (failures, fault, draw, delay) => {
    expect(reconnectDelay(settings, failures, { fault, draw })).toBe(delay);
  });
});
