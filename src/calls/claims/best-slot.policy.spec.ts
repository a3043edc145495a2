import { addDays, atTime, dayOf, hourOf } from '../../kernel/day.js';
import { bestSlotAt, FIRST_HOUR, LAST_HOUR, type SlotEvidence, slotScores } from './best-slot.policy.js';
import { redialAt } from '../lists/redial.policy.js';

const at = (text: string): Date => new Date(`${text}:00+08:00`);
const hours = Array.from({ length: LAST_HOUR - FIRST_HOUR + 1 }, (_, i) => FIRST_HOUR + i);

describe('CAM-4 the best slot of a customer', () => {
  const scores = [
    { hour: 10, score: 0.2 },
    { hour: 15, score: 0.3 },
    { hour: 19, score: 0.6 },
  ];
  it.each([
    ['waits for the best hour of the day', scores, '2026-11-24T10:20', 60, '2026-11-24T19:00'],
    ['goes to tomorrow when today has nothing as good', scores, '2026-11-24T19:30', 60, '2026-11-25T15:00'],
    ['never takes the hour that just failed, also tomorrow', scores, '2026-11-24T19:00', 0, '2026-11-25T15:00'],
    ['keeps the gap', scores, '2026-11-24T18:30', 60, '2026-11-25T19:00'],
    ['of two about as good takes the earlier', [{ hour: 15, score: 0.59 }, ...scores.slice(2)], '2026-11-24T10:00', 60, '2026-11-24T15:00'],
    ['says nothing where one hour is known', scores.slice(2), '2026-11-24T10:00', 60, null],
    ['says nothing where the gap is longer than it looks ahead', scores, '2026-11-24T10:00', 4_000, null],
  ] as const)('%s', (_what, known, ended, gap, next) => {
    expect(bestSlotAt(known, at(ended), gap)).toEqual(next === null ? null : at(next));
  });

  it('one’s own answers outweigh the like, the like everybody, and an hour nobody was dialled in is none', () => {
    const none = { dials: 0, answered: 0, likeDials: 0, likeAnswered: 0 };
    const evidence: SlotEvidence[] = [
      { ...none, hour: 9 },
      { ...none, hour: 10, likeDials: 29, likeAnswered: 29 },
      { ...none, hour: 15, likeDials: 980, likeAnswered: 490 },
      { ...none, hour: 19, dials: 4, answered: 4, likeDials: 980, likeAnswered: 90 },
    ];
    expect(slotScores(evidence, 0.3).map(({ hour, score }) => [hour, Number(score.toFixed(3))])).toEqual([
      [15, 0.496],
      [19, 0.548],
    ]);
  });
});

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Kinds of people by the hours they answer in; higher stars have more of the later kinds. */
const KINDS: readonly ((hour: number) => number)[] = [
  (hour) => (hour < 11 ? 0.65 : 0.15),
  (hour) => (hour >= 12 && hour < 16 ? 0.6 : 0.15),
  (hour) => (hour >= 18 ? 0.65 : 0.12),
];
const FLAT: readonly ((hour: number) => number)[] = [() => 0.3];

interface Simulated {
  star: number;
  answers: (hour: number) => number;
  past: { hour: number; answered: boolean }[];
}

/** A floor that dialled its customers at any hour for some months. */
function history(seed: number, kinds: readonly ((hour: number) => number)[]): { people: Simulated[]; random: () => number } {
  const random = randomOf(seed);
  const people = Array.from({ length: 3_000 }, (): Simulated => {
    const star = Math.floor(random() * 3);
    const kind = random() < 0.6 ? star : Math.floor(random() * kinds.length);
    const answers = kinds[kind % kinds.length] ?? ((): number => 0);
    const past = Array.from({ length: Math.floor(random() * 10) }, () => {
      const hour = hours[Math.floor(random() * hours.length)] ?? FIRST_HOUR;
      return { hour, answered: random() < answers(hour) };
    });
    return { star, answers, past };
  });
  return { people, random };
}

const count = (past: readonly { answered: boolean }[]): [number, number] => [past.length, past.filter(({ answered }) => answered).length];

/** What each customer's next redial is worth by the fixed slots and by the best slot: the true chance that they answer. */
function backTest(seed: number, kinds: readonly ((hour: number) => number)[]): { fixed: number; best: number; z: number } {
  const { people, random } = history(seed, kinds);
  const all = people.flatMap(({ past }) => past);
  const [dials, answered] = count(all);
  const likeOf = new Map<string, [number, number]>();
  for (const star of [0, 1, 2])
    for (const hour of hours)
      likeOf.set(
        `${star} ${hour}`,
        count(people.filter((one) => one.star === star).flatMap(({ past }) => past.filter((call) => call.hour === hour))),
      );
  const gains: number[] = [];
  let fixed = 0;
  for (const { star, answers, past } of people) {
    const failed = hours[Math.floor(random() * hours.length)] ?? FIRST_HOUR;
    const ended = atTime(addDays(dayOf(at('2026-11-24T00:00')), 0), `${String(failed).padStart(2, '0')}:30`);
    const evidence = hours.map((hour): SlotEvidence => {
      const [own, ownAnswered] = count(past.filter((call) => call.hour === hour));
      const [likeDials, likeAnswered] = likeOf.get(`${star} ${hour}`) ?? [0, 0];
      return { hour, dials: own, answered: ownAnswered, likeDials, likeAnswered };
    });
    const usual = redialAt('other_slot', ended, 120);
    const next = bestSlotAt(slotScores(evidence, answered / dials), ended, 120) ?? usual;
    fixed += answers(hourOf(usual));
    gains.push(answers(hourOf(next)) - answers(hourOf(usual)));
  }
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1);
  return { fixed: fixed / people.length, best: fixed / people.length + mean, z: variance === 0 ? 0 : mean / Math.sqrt(variance / gains.length) };
}

describe('CAM-4 back-test: the best slot against fixed slots on simulated history', () => {
  it.each([1, 2, 3, 4, 5])('seed %i: more people answer the redial, far beyond chance', (seed) => {
    const { fixed, best, z } = backTest(seed, KINDS);
    expect(best).toBeGreaterThan(fixed * 1.2);
    expect(z).toBeGreaterThan(6);
  });

  it('where hours make no difference nothing is lost', () => {
    const { fixed, best } = backTest(9, FLAT);
    expect(best).toBeCloseTo(fixed, 10);
  });
});
