import { Arrivals } from './arrivals.js';
import { ClientPool } from './client-pool.js';

describe('SMS-5 what arrives is kept first and acknowledged then', () => {
  const run = async (keep: (events: number[]) => Promise<void>, events: number[]): Promise<Record<number, boolean>> => {
    const said: Record<number, boolean> = {};
    const arrivals = new Arrivals<number>(keep, () => undefined);
    for (const event of events) arrivals.take({ event, acknowledge: (kept) => (said[event] = kept) });
    await arrivals.settled();
    return said;
  };

  it('many together', async () => {
    const kept: number[][] = [];
    const said = await run((events) => Promise.resolve(void kept.push(events)), [1, 2, 3]);
    expect([kept, said]).toEqual([[[1, 2, 3]], { 1: true, 2: true, 3: true }]);
  });

  it('one that cannot be kept holds up no other', async () => {
    const kept: number[] = [];
    const keep = (events: number[]): Promise<void> => {
      if (events.includes(2)) return Promise.reject(new Error('no'));
      kept.push(...events);
      return Promise.resolve();
    };
    expect([await run(keep, [1, 2, 3]), kept]).toEqual([{ 1: true, 2: false, 3: true }, [1, 3]]);
    expect(await run(keep, [2])).toEqual({ 2: false });
  });
});

describe('SMS-4 one client an account', () => {
  it('is kept while its settings are, left when they change or it is switched off, and none is opened after the end', async () => {
    const log: string[] = [];
    const pool = new ClientPool<{ name: string; stop: () => Promise<void> }>();
    const open = (name: string) => () => {
      log.push(`open ${name}`);
      return { name, stop: () => Promise.resolve(void log.push(`stop ${name}`)) };
    };
    const first = pool.get('a', '1', open('a1'));
    expect(pool.get('a', '1', open('again'))).toBe(first);
    pool.get('a', '2', open('a2'));
    pool.get('b', '1', open('b1'));
    pool.keepOnly(new Set(['a']));
    await pool.close();
    expect(pool.get('c', '1', open('c1'))).toBeUndefined();
    expect(log).toEqual(['open a1', 'stop a1', 'open a2', 'open b1', 'stop b1', 'stop a2']);
  });
});
