import { randomOf } from '../../../bench/random.js';

const TOLERANCE = 600;

/** Seconds of the day; agent and line by name, null: the file says none. */
export interface Call {
  line: string;
  agent: string | null;
  at: number;
}

const two = (n: number): string => String(n).padStart(2, '0');
export const clockOf = (at: number): string => `${two(Math.floor(at / 3600))}:${two(Math.floor(at / 60) % 60)}:${two(at % 60)}`;

/** A day of a busy floor: attempts close together, and records of the switch that stray from them, name nobody, or come twice. */
export function busyDay(
  lines: readonly string[],
  agents: readonly string[],
  size: { attempts: number; records: number },
): { attempts: Call[]; records: Call[] } {
  const random = randomOf(20_261_124);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const second = (): number => 8 * 3600 + Math.floor(random() * 36_000);
  const attempts = new Map<string, Call>();
  while (attempts.size < size.attempts) {
    const call = { line: pick(lines), agent: pick(agents), at: second() };
    attempts.set(`${call.line} ${call.at}`, call);
  }
  const known = [...attempts.values()];
  const record = (before: readonly Call[]): Call => {
    const draw = random();
    const near = pick(known);
    const call = { ...near, at: near.at + Math.round((random() + random() + random() - 1.5) * 500) };
    if (draw < 0.75) return call;
    if (draw < 0.8) return { ...call, agent: pick(agents) };
    if (draw < 0.86) return { line: pick(lines), agent: pick(agents), at: second() };
    if (draw < 0.91)
      return {
        ...call,
        line: `131${Math.floor(random() * 1e8)
          .toString()
          .padStart(8, '0')}`,
      };
    if (draw < 0.95) return { ...call, agent: 'unknown' };
    return draw < 0.97 || before.length === 0 ? { ...call, agent: null } : pick(before);
  };
  const records: Call[] = [];
  while (records.length < size.records) records.push(record(records));
  return { attempts: known, records };
}

/** The rule by hand, one pair at a time: who is nearest to one another, and to nobody else as near, belongs together; until nobody is left. */
export function matchByHand(attempts: readonly Call[], records: readonly Call[]): { matched: Map<Call, Call>; reasonOf: (record: Call) => string } {
  const matched = new Map<Call, Call>();
  const taken = new Set<Call>();
  const apart = (a: Call, b: Call): number => Math.abs(a.at - b.at);
  const near = (calls: readonly Call[], others: readonly Call[]): Map<Call, Call[]> => {
    const groups = new Map<string, Call[]>();
    for (const other of others) {
      const name = `${other.line} ${other.agent}`;
      groups.set(name, [...(groups.get(name) ?? []), other]);
    }
    return new Map(calls.map((call) => [call, (groups.get(`${call.line} ${call.agent}`) ?? []).filter((other) => apart(other, call) <= TOLERANCE)]));
  };
  const candidates = near(records, attempts);
  const rivals = near(attempts, records);
  const nearest = (call: Call, others: readonly Call[]): Call | undefined => {
    const [first, second] = [...others].sort((a, b) => apart(a, call) - apart(b, call));
    return first && second && apart(first, call) === apart(second, call) ? undefined : first;
  };
  for (let found = true; found;) {
    found = false;
    for (const record of records) {
      if (matched.has(record)) continue;
      const attempt = nearest(
        record,
        (candidates.get(record) ?? []).filter((one) => !taken.has(one)),
      );
      const back =
        attempt &&
        nearest(
          attempt,
          (rivals.get(attempt) ?? []).filter((one) => !matched.has(one)),
        );
      if (!attempt || back !== record) continue;
      matched.set(record, attempt);
      taken.add(attempt);
      found = true;
    }
  }
  const reasonOf = (record: Call): string => {
    const around = candidates.get(record) ?? [];
    if (around.length === 0) return 'no_attempt_near';
    return around.some((attempt) => !taken.has(attempt)) ? 'several_near' : 'attempt_taken';
  };
  return { matched, reasonOf };
}
