import type { Database } from '../../platform/database/database.js';
import { Reading, reads } from '../../platform/database/reading.js';
import { sql } from '../../platform/database/sql.js';
import { UsualCountsQueries, type UsualPeriod } from './usual-counts.queries.js';

const EVERYBODY: UsualPeriod = { campaignIds: ['1', '2'], from: '2026-09-22', to: '2026-11-17', visible: sql`true` };
const SUMS = [{ day: '2026-11-16', attempts: 7, connected: 3 }];

describe('REP-2 counts of what is usual', () => {
  const asked = jest.fn<Promise<unknown[]>, []>();
  const counts = (): UsualCountsQueries => new UsualCountsQueries({ rows: asked } as Pick<Database, 'rows'> as Database);
  beforeEach(() => asked.mockReset().mockResolvedValue([]));

  it('are counted once for everybody who asks the same, at the same time or later', async () => {
    const usual = counts();
    await Promise.all([usual.of(EVERYBODY, SUMS), usual.of({ ...EVERYBODY }, [...SUMS])]);
    await usual.of(EVERYBODY, SUMS);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a call came late or was corrected', EVERYBODY, [{ day: '2026-11-16', attempts: 8, connected: 3 }]],
    ['somebody sees another part', { ...EVERYBODY, visible: sql`a.manager_id = ${'5'}` }, SUMS],
    ['other campaigns are alike', { ...EVERYBODY, campaignIds: ['1'] }, SUMS],
    ['a day has passed', { ...EVERYBODY, from: '2026-09-23', to: '2026-11-18' }, SUMS],
  ])('are counted anew where %s', async (_why, period, sums) => {
    const usual = counts();
    await usual.of(EVERYBODY, SUMS);
    await usual.of(period, sums);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('go on for the others when who asked first goes away', async () => {
    const usual = counts();
    const reading = new Reading();
    let counted: (rows: unknown[]) => void = () => undefined;
    asked.mockReturnValueOnce(new Promise((resolve) => (counted = resolve)));
    const first = reads(reading, () => usual.of(EVERYBODY, SUMS));
    reading.left();
    const second = usual.of(EVERYBODY, SUMS);
    counted([{ count: 1 }]);
    expect([await first, await second]).toEqual([[{ count: 1 }], [{ count: 1 }]]);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
