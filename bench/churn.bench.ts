import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CsvParser } from '../src/platform/spreadsheet/csv-parser.js';
import { cellOf } from '../src/retention/model/columns.policy.js';
import type { Attributes } from '../src/retention/model/model.types.js';
import { scorerOf } from '../src/retention/model/scoring.policy.js';
import { type Labelled, train } from '../src/retention/model/training.policy.js';
import type { Benchmark } from './frame.js';
import { fingerprint, randomOf } from './random.js';

const TELCO = resolve('../shared/data/telco-churn-train.csv');
/** RET-2: a list of 100,000 is scored while its planner waits. */
const MOST_SECONDS = 2;
const OF_ROWS = 100_000;

interface Known {
  rows: Attributes[];
  columns: string[];
  label: string;
}

/** The real file where it is, else customers of the same shape. */
function known(): Known {
  if (existsSync(TELCO)) {
    const [header = [], ...lines] = [...new CsvParser(',').push(readFileSync(TELCO, 'utf8'))];
    return { rows: lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i] ?? '']))), columns: header, label: 'Churn' };
  }
  const random = randomOf(7);
  const columns = [...Array.from({ length: 19 }, (_, i) => `c${i}`), 'left'];
  const rows = Array.from({ length: 5_000 }, (): Attributes => {
    const cells = columns.map((name, i) => [name, String(Math.floor(random() * (i % 3 === 0 ? 100 : 4)))] as const);
    return { ...Object.fromEntries(cells), left: random() < 0.27 ? 'Yes' : 'No' };
  });
  return { rows, columns, label: 'left' };
}

/** Scores with their three reasons, against one look at every cell. */
export const benchmark: Benchmark = {
  name: 'churn',
  rows: OF_ROWS,
  smokeRows: 10_000,
  needsDatabase: false,
  async setUp({ rows, say }) {
    const { rows: people, columns, label } = known();
    const labelled = people.map((attributes): Labelled => ({ attributes, positive: cellOf(attributes, label) === 'Yes' }));
    const { model, card } = await train({ rows: labelled, columns, label, exclude: [], unlabelled: 0 }, () => Promise.resolve());
    say(`${people.length} customers trained on: AUC ${card.auc.toFixed(3)}, lift of the first tenth ${(card.lift[0] ?? 0).toFixed(2)}`);
    // no row is the same object twice: nothing is known of one from the one before
    const list = Array.from({ length: rows }, (_, i): Attributes => ({ ...people[i % people.length] }));
    const found = { seconds: Infinity, outside: 0, reasons: 0 };
    return {
      input: fingerprint().update(JSON.stringify(people)).digest('hex'),
      unit: 'customers',
      ways: [
        {
          name: 'one look at every cell',
          run: () => {
            let filled = 0;
            for (const row of list) for (const name of columns) if (cellOf(row, name) !== '') filled += 1;
            if (filled === 0) throw new Error('the list is empty');
            return Promise.resolve(rows);
          },
        },
        {
          name: 'scored with reasons',
          run: () => {
            const begun = performance.now();
            const score = scorerOf(model);
            [found.outside, found.reasons] = [0, 0];
            for (const row of list) {
              const { score: likely, reasons } = score(row);
              if (!(likely > 0 && likely < 1)) found.outside += 1;
              found.reasons += reasons.length;
            }
            found.seconds = Math.min(found.seconds, (performance.now() - begun) / 1000);
            return Promise.resolve(rows);
          },
        },
      ],
      goals: [{ way: 'scored with reasons', of: 'one look at every cell', atMost: 6 }],
      check: () =>
        Promise.resolve([
          ...(found.outside > 0 ? [`${found.outside} scores are no likelihood`] : []),
          ...(found.reasons < rows ? [`${found.reasons} reasons for ${rows} customers`] : []),
          ...((found.seconds * OF_ROWS) / rows > MOST_SECONDS ? [`100,000 customers take more than ${MOST_SECONDS} s`] : []),
        ]),
      close: () => Promise.resolve(),
    };
  },
};
