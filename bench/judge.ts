/** Times of one way, in seconds, one per repetition. */
export interface Times {
  way: string;
  /** What one run did: rows, claims, messages. */
  units: number;
  seconds: number[];
}

export interface Line {
  way: string;
  medianSeconds: number;
  minSeconds: number;
  maxSeconds: number;
  /** Units per second at the median. */
  rate: number;
  /** Rate divided by the rate of the limit. */
  ratio: number;
}

/** A claim about one way, as a ratio to the limit measured in the same run, or to another way named by `of`. */
export interface Goal {
  way: string;
  of?: string;
  /** Rate at least this share of the limit's. */
  atLeast?: number;
  /** Time per unit at most this multiple of the limit's. */
  atMost?: number;
}

export interface Verdict {
  way: string;
  passed: boolean;
  measured: number;
  wanted: number;
}

/** Above this the limit itself swings so much that no ratio to it means anything. */
const NOISE = 2;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The first way is the limit. */
export function linesOf(all: readonly Times[]): Line[] {
  const rate = ({ units, seconds }: Times): number => units / median(seconds);
  const limit = all[0] ? rate(all[0]) : NaN;
  return all.map((times) => ({
    way: times.way,
    medianSeconds: median(times.seconds),
    minSeconds: Math.min(...times.seconds),
    maxSeconds: Math.max(...times.seconds),
    rate: rate(times),
    ratio: rate(times) / limit,
  }));
}

export function isNoisy(lines: readonly Line[]): boolean {
  const limit = lines[0];
  return !limit || limit.maxSeconds / limit.minSeconds > NOISE;
}

/** @throws when a goal names a way that was not measured: a goal nobody checks must not pass. */
export function judge(lines: readonly Line[], goals: readonly Goal[]): Verdict[] {
  const ratioOf = (way: string): number => {
    const line = lines.find((l) => l.way === way);
    if (!line) throw new Error(`no way named "${way}" was measured`);
    return line.ratio;
  };
  return goals.map(({ way, of, atLeast, atMost }) => {
    const ratio = ratioOf(way) / (of === undefined ? 1 : ratioOf(of));
    const name = of === undefined ? way : `${way} of ${of}`;
    if (atMost !== undefined) return { way: name, passed: 1 / ratio <= atMost, measured: 1 / ratio, wanted: atMost };
    const wanted = atLeast ?? NaN;
    return { way: name, passed: ratio >= wanted, measured: ratio, wanted };
  });
}
