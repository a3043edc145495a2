import { DomainError } from '../kernel/errors.js';
import type { Feed } from './feeds.types.js';
import { readHead } from './file-reading.js';
import { mapHeaders, type MappedHeader, type Mapping, plain, suggestColumn } from './header.policy.js';
import { ImportFault } from './import-fault.js';
import type { RowSource } from './stored-file.js';

/** When a person is asked which column is which: never (systems hand files in), when a header is not known, or always. */
export type Ask = 'never' | 'unknown' | 'always';

/** The headers to ask a person about, with samples and suggestions; undefined when the import can begin, or will say itself what is wrong with the file. */
export async function questions(
  source: RowSource,
  { feed, said, ask }: { feed: Feed; said: Mapping; ask: Ask },
): Promise<MappedHeader[] | undefined> {
  if (ask === 'never') return undefined;
  try {
    const { headers, missing } = await readHead(source, { feed, said });
    const unknown = headers.some(
      ({ header, column, how }) => header !== '' && column === null && how === 'unused' && said[plain(header)] === undefined,
    );
    if (ask === 'unknown' && !missing && !unknown) return undefined;
    return suggested(headers, feed);
  } catch (error) {
    if (error instanceof ImportFault) return undefined;
    throw error;
  }
}

function suggested(headers: readonly MappedHeader[], feed: Feed): MappedHeader[] {
  const placed = new Set(headers.flatMap(({ column }) => (column === null ? [] : [column])));
  return headers.map((header) => {
    const column = header.column === null && header.how !== 'own' ? suggestColumn(header.header, feed.columns, placed) : undefined;
    if (column === undefined) return header;
    placed.add(column);
    return { ...header, suggested: column };
  });
}

/** Value of the choice "leave this column to the segment". */
export const KEEP = '+';

/**
 * What was chosen for each header, in their order: a column of the feed, '' to leave it out, or {@link KEEP}. Only what differs from what the
 * header says by itself is worth remembering.
 * @throws DomainError column_unknown, column_missing, column_twice at `columns`
 */
export function mappingOf(headers: readonly MappedHeader[], feed: Feed, choices: readonly string[]): Mapping {
  const asked = headers.filter(({ header, how }) => how !== 'own' && header !== '');
  const chosen = asked.map(({ header }, i) => ({ header, column: choices[i] ?? '' }));
  const used = chosen.map(({ column }) => column).filter((column) => column !== '' && column !== KEEP);
  const known = new Set(feed.columns.map(({ name }) => name));
  const refuse = (code: string, columns: readonly string[]): never => {
    throw new DomainError(code, { param: 'columns', params: { columns: columns.map((name) => labelOf(feed, name)).join('、') } });
  };
  const strange = used.filter((column) => !known.has(column));
  if (strange.length > 0) refuse('column_unknown', strange);
  const missing = missingIn(feed, used);
  if (missing.length > 0) refuse('column_missing', missing);
  const twice = used.filter((column, i) => used.indexOf(column) < i);
  if (twice.length > 0) refuse('column_twice', twice);
  return differing(chosen, feed);
}

/**
 * The choices that were refused, to be mended: `wrong` is where to begin, the second of two alike, or else the first that is left out.
 * @param said in the order of {@link mappingOf}
 */
export function chosenAgain<Header extends Pick<MappedHeader, 'header' | 'how'>>(
  headers: readonly Header[],
  said: readonly string[],
): (Header & { chosen?: string; wrong?: boolean })[] {
  const twice = said.findIndex((column, i) => column !== '' && column !== KEEP && said.indexOf(column) < i);
  const wrong = twice >= 0 ? twice : Math.max(0, said.indexOf(''));
  let place = 0;
  return headers.map((header) => {
    if (header.how === 'own' || header.header === '') return header;
    const at = place++;
    return { ...header, chosen: said[at] ?? '', wrong: at === wrong };
  });
}

/** Columns without which nothing can be imported and that no header stands for. */
export const missingIn = (feed: Feed, used: readonly string[]): string[] =>
  feed.columns.filter(({ name, required }) => required && !used.includes(name)).map(({ name }) => name);

function differing(chosen: readonly { header: string; column: string }[], feed: Feed): Mapping {
  const byItself = mapHeaders(
    chosen.map(({ header }) => header),
    feed,
  );
  const said: Record<string, string | null> = {};
  for (const [i, { header, column }] of chosen.entries()) {
    const itself = byItself[i];
    if (column === KEEP || itself?.column === column) continue;
    said[plain(header)] = column === '' ? null : column;
  }
  return said;
}

/** The word its users know a column by. */
export const labelOf = (feed: Feed, name: string): string => feed.columns.find((column) => column.name === name)?.synonyms[0] ?? name;
