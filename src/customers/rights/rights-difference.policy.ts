import type { RightChange, StarRight } from './star-rights.types.js';

const change = (what: RightChange['what'], { code, labelZh, labelEn }: StarRight, [before, after]: [number | null, number | null]): RightChange => ({
  code,
  what,
  labelZh,
  labelEn,
  before,
  after,
});

/** What a customer has to be told of: rights that came, went, or may be used more or less often. Another wording or order is no news. */
export function rightsDifference(before: readonly StarRight[], after: readonly StarRight[]): RightChange[] {
  const was = new Map(before.map((right) => [right.code, right]));
  const is = new Set(after.map(({ code }) => code));
  const now = after.flatMap((right): RightChange[] => {
    const old = was.get(right.code);
    if (!old) return [change('added', right, [null, right.perYear])];
    return old.perYear === right.perYear ? [] : [change('changed', right, [old.perYear, right.perYear])];
  });
  return [...now, ...before.filter(({ code }) => !is.has(code)).map((right) => change('removed', right, [right.perYear, null]))];
}
