import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeptOutcome } from './outcomes.types.js';
import { DEFAULT_OUTCOMES } from './outcomes.policy.js';
import { changesOf, checkOutcome, DESK_COMMANDS, moved, neededBy } from './outcome-change.policy.js';

const KEPT: readonly KeptOutcome[] = DEFAULT_OUTCOMES.map((outcome) => ({ ...outcome, retiredAt: null, version: 1 }));
const of = (code: string): KeptOutcome => KEPT.find((one) => one.code === code) ?? KEPT[0]!;
const others = (code: string): KeptOutcome[] => KEPT.filter((one) => one.code !== code);

function files(folder: string, extension: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension) && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Where an outcome is named that can be retired, and nothing stops by it: what the demonstration makes, a hint beside a breach. */
const HARMLESS = ['src/demo/demo-history.ts', 'src/demo/history.data.ts', 'src/reports/live/live.views.ts'];

describe('CAM-6 outcomes that the product goes by', () => {
  it('are all that the code names in quotes, and no word of the language', () => {
    const retirable = DEFAULT_OUTCOMES.map(({ code }) => code).filter((code) => !neededBy(code));
    const read = [...files('src', '.ts'), ...files('migrations/reporting', '.sql')].filter(
      (file) => file !== 'src/calls/outcomes/outcomes.policy.ts',
    );
    const quoted = read.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(['"`])([a-z_]+)\1/g)].filter(([, , word]) => retirable.includes(word ?? '')).map(() => file),
    );
    expect([...new Set(quoted)].sort()).toEqual(HARMLESS);
    expect(neededBy('constructor')).toBeUndefined();
  });

  it('are all that a statement names, so that none of them can be retired', () => {
    const statements = [...files('src', '.ts'), ...files('migrations/reporting', '.sql')].map((file) => readFileSync(file, 'utf8'));
    const named = statements.flatMap((text) => [
      ...[...text.matchAll(/outcome = '([a-z_]+)'/g)].map(([, code]) => code ?? ''),
      ...[...text.matchAll(/\bo\.code in \(([^)]*)\)/g)].flatMap(([, list]) =>
        [...(list ?? '').matchAll(/'([a-z_]+)'/g)].map(([, code]) => code ?? ''),
      ),
    ]);
    const outcomes = [...new Set(named)].filter((code) => DEFAULT_OUTCOMES.some((one) => one.code === code));
    expect(outcomes.length).toBeGreaterThan(4);
    expect(outcomes.filter((code) => !neededBy(code))).toEqual([]);
  });

  it('are those of the switch too, and not what only the house uses', () => {
    expect(DEFAULT_OUTCOMES.filter(({ code }) => !neededBy(code)).map(({ code }) => code)).toEqual(['already_has', 'assistant']);
  });
});

describe('CAM-6 keys of the desk', () => {
  it('what the desk does with a letter is no key of an outcome', () => {
    const script = readFileSync('templates/public/desk.js', 'utf8');
    const commands = /const COMMANDS = \{([^]*?)\n {2}\};/.exec(script)?.[1] ?? '';
    expect([...commands.matchAll(/^ {4}([a-z]):/gm)].map(([, key]) => (key ?? '').toUpperCase()).sort()).toEqual([...DESK_COMMANDS]);
    expect(KEPT.filter(({ key }) => DESK_COMMANDS.includes(key))).toEqual([]);
  });
});

describe('CAM-6 a changed outcome', () => {
  it.each(KEPT.map(({ code }) => code))('%s as it came passes, as a new one and as a changed one', (code) => {
    const outcome = of(code);
    expect(() => checkOutcome(outcome, { before: outcome, others: others(code) })).not.toThrow();
    expect(() => checkOutcome(outcome, { before: null, others: others(code) })).not.toThrow();
  });

  it('one that is retired may share its key until it comes back', () => {
    const retired = { ...of('already_has'), retiredAt: new Date(0), key: '5' };
    expect(() => checkOutcome(retired, { before: retired, others: others('already_has') })).not.toThrow();
  });

  it('tells what differs, with its old value', () => {
    expect(changesOf({ a: 1, b: null as number | null }, { a: 1, b: 2 }, ['a', 'b'])).toEqual({ b: { from: null, to: 2 } });
  });

  it('moves among its own group, over what is retired, and not beyond the ends', () => {
    const list = KEPT.map((one) => (one.code === 'interested' ? { ...one, retiredAt: new Date(0) } : one));
    expect(moved(list, 'reached', 'up')?.slice(0, 3)).toEqual(['reached', 'interested', 'converted']);
    expect(moved(list, 'converted', 'up')).toBeNull();
    expect(moved(list, 'interested', 'up')).toBeNull();
    expect(moved(list, 'do_not_call', 'down')).toBeNull();
  });
});
