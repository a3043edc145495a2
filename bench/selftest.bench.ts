import type { Benchmark, Way } from './frame.js';
import { fingerprint, randomOf } from './random.js';

/** Measures the frame itself: doing a thing twice takes twice as long. */
export const benchmark: Benchmark = {
  name: 'selftest',
  rows: 2_000_000,
  smokeRows: 400_000,
  needsDatabase: false,
  setUp({ rows }) {
    const random = randomOf(20_240_601);
    const input = fingerprint();
    const block = Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256)));
    const digest = fingerprint().update(block).digest('hex');
    const times = (name: string, each: number): Way => ({
      name,
      run: () => {
        const hash = fingerprint();
        for (let i = 0; i < rows * each; i++) hash.update(block);
        hash.digest();
        return Promise.resolve(rows);
      },
    });
    return Promise.resolve({
      input: input.update(block).digest('hex'),
      unit: 'rows',
      ways: [times('once', 1), times('twice', 2)],
      goals: [
        { way: 'twice', atLeast: 0.33 },
        { way: 'twice', atMost: 3 },
      ],
      check: () => Promise.resolve(fingerprint().update(block).digest('hex') === digest ? [] : ['the same input gave another fingerprint']),
      close: () => Promise.resolve(),
    });
  },
};
