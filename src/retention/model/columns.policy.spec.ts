import { cellOf, numberOf, planColumns } from './columns.policy.js';

const rows = (count: number, make: (i: number) => Record<string, string>): Record<string, string>[] =>
  Array.from({ length: count }, (_, i) => make(i));
const plan = (table: Record<string, string>[], asked: string[] = []): ReturnType<typeof planColumns> =>
  planColumns(table, Object.keys(table[0] ?? {}), { label: 'left', asked });

describe('RET-2 a column of a segment', () => {
  it.each<[string, number | undefined]>([
    ['12', 12],
    ['-3.5', -3.5],
    ['1,234.5', 1234.5],
    ['1.33e2', 133],
    ['35%', 35],
    ['1,23', undefined],
    ['12 GB', undefined],
    ['Infinity', undefined],
    ['0x10', undefined],
    ['', undefined],
  ])('reads %s as %s', (text, value) => expect(numberOf(text)).toBe(value));

  it.each(['', '  ', '-', 'NULL', 'NaN', '\\N'])('takes “%s” for nothing', (text) => expect(cellOf({ a: text }, 'a')).toBe(''));

  it('that is not in the file at all says nothing', () => expect(cellOf({}, 'a')).toBe(''));

  it('is a number with tenths as steps, also when some cells are missing or wrong', () => {
    const table = rows(1000, (i) => ({ fee: i % 100 === 0 ? '' : i === 7 ? '?' : String(i), left: 'n' }));
    const { plans } = plan(table);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ kind: 'number', name: 'fee' });
    const edges = plans[0]?.kind === 'number' ? plans[0].edges : [];
    expect(edges).toHaveLength(9);
    expect(edges[4]).toBeCloseTo(500, -1);
  });

  it('of marks from 1 to 5 is told by level, most frequent first', () => {
    const { plans } = plan(rows(100, (i) => ({ star: String(Math.min(5, 1 + (i % 7))), left: 'n' })));
    expect(plans[0]).toEqual({ kind: 'category', name: 'star', levels: ['5', '1', '2', '3', '4'] });
  });

  it('keeps levels of at least ten rows and half a percent; the others go together', () => {
    const { plans } = plan(rows(4000, (i) => ({ city: i < 15 ? '泗阳' : i < 100 ? '镇江' : '南京', left: 'n' })));
    expect(plans[0]).toMatchObject({ levels: ['南京', '镇江'] });
  });

  it('stands outside when it names rows, never changes, was asked to, or is the label', () => {
    const { plans, leftOut } = plan(
      rows(200, (i) => ({ id: `k-${i}`, province: '江苏', note: 'x', star: String(i % 3), left: 'n' })),
      ['note'],
    );
    expect(plans.map(({ name }) => name)).toEqual(['star']);
    expect(leftOut).toEqual([
      { column: 'id', why: 'identifier' },
      { column: 'province', why: 'constant' },
      { column: 'note', why: 'asked' },
      { column: 'left', why: 'label' },
    ]);
  });

  it('that is filled for some only is a column of its own: missing is a level', () => {
    const { plans } = plan(rows(100, (i) => ({ offer: i % 2 ? 'A' : '', left: 'n' })));
    expect(plans[0]).toEqual({ kind: 'category', name: 'offer', levels: ['A'] });
  });
});
