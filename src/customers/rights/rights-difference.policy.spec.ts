import { rightsDifference } from './rights-difference.policy.js';
import type { StarRight } from './star-rights.types.js';

const right = (code: string, perYear: number | null = null, labelZh = code): StarRight => ({ code, labelZh, labelEn: code, perYear });
const told = (before: StarRight[], after: StarRight[]): string[] =>
  rightsDifference(before, after).map(({ code, what, before: was, after: is }) => `${code} ${what} ${was ?? '-'} → ${is ?? '-'}`);

describe('CAR-3 what is news about the rights of a star', () => {
  it.each<[string, StarRight[], StarRight[], string[]]>([
    ['nothing', [right('lounge', 3)], [right('lounge', 3)], []],
    ['a right that came', [right('lounge', 3)], [right('lounge', 3), right('gift')], ['gift added - → -']],
    ['a right that went', [right('lounge', 3), right('gift')], [right('gift')], ['lounge removed 3 → -']],
    ['more times a year', [right('lounge', 3)], [right('lounge', 6)], ['lounge changed 3 → 6']],
    ['as often as it is needed, after a limit', [right('card', 2)], [right('card')], ['card changed 2 → -']],
    ['another wording is none', [right('lounge', 3)], [right('lounge', 3, '贵宾厅')], []],
    ['another order is none', [right('a'), right('b')], [right('b'), right('a')], []],
    ['all at once', [right('a'), right('b', 1)], [right('b', 2), right('c', 4)], ['b changed 1 → 2', 'c added - → 4', 'a removed - → -']],
  ])('%s', (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });
});
