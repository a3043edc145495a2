import { newcombe } from '../../kernel/statistics.js';
import { type Comparison, type Difference, type Group, type GroupCounts, MEASURES, type Told, type Verdict } from './experiment.types.js';

/** In each of the two groups: fewer people say nothing. */
export const FEWEST_PEOPLE = 100;
/** In each group as often as the pooled share would have it, and as often not (Cochran's rule). */
export const FEWEST_EXPECTED = 5;

/** Two-sided 5 % for one, two, three comparisons at once (Bonferroni): who compares three scripts must not find a better one by chance more often. */
const Z = [1.959964, 2.241403, 2.39398] as const;

/** @returns [low, high] within −1…1; [−1, 1] when a group has nobody */
export const differenceInterval = (of: Group, against: Group, z: number = Z[0]): [number, number] =>
  newcombe({ part: of.happened, whole: of.people }, { part: against.happened, whole: against.people }, z);

function isEnough(of: Group, against: Group): boolean {
  const pooled = (of.happened + against.happened) / (of.people + against.people);
  return [of, against].every(({ people }) => people >= FEWEST_PEOPLE && people * Math.min(pooled, 1 - pooled) >= FEWEST_EXPECTED);
}

function verdictOf(of: Group, against: Group, [low, high]: [number, number]): Verdict {
  if (!isEnough(of, against)) return 'too-few';
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'no-difference';
}

/** @param at how many comparisons are made at once, 1–3: the interval is as much wider */
export function compare(of: Group, against: Group, at = 1): Difference {
  const interval = differenceInterval(of, against, Z[Math.min(at, Z.length) - 1]);
  const difference = of.people === 0 || against.people === 0 ? null : of.happened / of.people - against.happened / against.people;
  return { difference, interval, verdict: verdictOf(of, against, interval) };
}

/** People a group needs at the pooled share; null where it happened to nobody or to everybody, and no number of people is known to be enough. */
function neededOf(of: Group, against: Group): number | null {
  const people = of.people + against.people;
  const pooled = people === 0 ? 0 : (of.happened + against.happened) / people;
  const rarer = Math.min(pooled, 1 - pooled);
  return rarer === 0 ? null : Math.max(FEWEST_PEOPLE, Math.ceil(FEWEST_EXPECTED / rarer));
}

/** As {@link compare}, but "not enough data yet" instead of a number that nobody may rely on. */
export function told(of: Group, against: Group, at = 1): Told {
  const found = compare(of, against, at);
  if (found.verdict !== 'too-few') return { ...found, needed: null };
  return { difference: null, interval: null, verdict: found.verdict, needed: neededOf(of, against) };
}

const HOLD_OUT = 'hold_out';
export const TREATED = 'treated';
const sum = (groups: GroupCounts[], key: Exclude<keyof GroupCounts, 'key'>): number => groups.reduce((total, group) => total + group[key], 0);

/** Everybody but the hold-out, as one group. */
export const treatedOf = (groups: GroupCounts[]): GroupCounts => {
  const treated = groups.filter(({ key }) => key !== HOLD_OUT);
  const [people, called] = [sum(treated, 'people'), sum(treated, 'called')];
  return { key: TREATED, people, called, converted: sum(treated, 'converted'), succeeded: sum(treated, 'succeeded'), stayed: sum(treated, 'stayed') };
};

/**
 * What can be compared: all who were to be called with the hold-out, and each tried script with the campaign's own (CAM-10). Everybody counts in the
 * group they were drawn for, called or not: who is reached is not chance any more.
 */
export function comparisonsOf(groups: GroupCounts[]): Comparison[] {
  const holdOut = groups.find(({ key }) => key === HOLD_OUT);
  const [own, ...tried] = groups.filter(({ key }) => key !== HOLD_OUT).sort((a, b) => (a.key < b.key ? -1 : 1));
  const pairs = own?.key === 'A' ? tried.map((of) => ({ of, against: own, at: tried.length })) : [];
  if (holdOut) pairs.unshift({ of: treatedOf(groups), against: holdOut, at: 1 });
  return pairs.flatMap(({ of, against, at }) =>
    MEASURES.map((measure): Comparison => {
      const [one, other] = [of, against].map((group): Group => ({ people: group.people, happened: group[measure] })) as [Group, Group];
      return { measure, of: of.key, against: against.key, ...told(one, other, at) };
    }),
  );
}
