/**
 * A number woven into a CSV file: a cell that need not be quoted is quoted for a 1 and left bare for a 0. Every reader of CSV sees the same
 * values, no row or column is added, and a file without its name still says which export it is.
 */
const LENGTH = 64;
const SYNC = 0xb1e5n;
const MOST = 2 ** 32;

/** Cells that need quotes, and blank ones (to some readers `""` and nothing differ), carry no bit. */
export const CANNOT_BE_BARE = /[",\r\n]/;
const carries = (cell: string): boolean => cell !== '' && !CANNOT_BE_BARE.test(cell);

const checkOf = (number: number): bigint => BigInt((Math.imul(number ^ (number >>> 16), 0x9e3779b1) >>> 16) & 0xffff);

const frameOf = (number: number): bigint => (SYNC << 48n) | (BigInt(number) << 16n) | checkOf(number);

/** Says of one carrying cell after the other whether it is quoted; the number comes again and again. @param number 0 … 2³² − 1 */
export function markQuotes(number: number): (cell: string) => boolean {
  if (!Number.isInteger(number) || number < 0 || number >= MOST) throw new RangeError(`${number} cannot be woven into a file`);
  const frame = frameOf(number);
  let place = 0;
  return (cell) => {
    if (!carries(cell)) return false;
    const bit = (frame >> BigInt(LENGTH - 1 - (place % LENGTH))) & 1n;
    place += 1;
    return bit === 1n;
  };
}

/** The number woven into a file, or into a piece of one; undefined when there is none, or fewer than 64 cells are left to read it from. */
export function readMark(text: string): number | undefined {
  const found = new Map<number, number>();
  const mask = (1n << BigInt(LENGTH)) - 1n;
  let frame = 0n;
  let bits = 0;
  for (const quoted of carriedBits(text)) {
    frame = ((frame << 1n) | (quoted ? 1n : 0n)) & mask;
    bits += 1;
    if (bits < LENGTH || frame >> 48n !== SYNC) continue;
    const number = Number((frame >> 16n) & 0xffffffffn);
    if (frame === frameOf(number)) found.set(number, (found.get(number) ?? 0) + 1);
  }
  return [...found].sort(([, a], [, b]) => b - a)[0]?.[0];
}

const CELL = /"((?:[^"]|"")*)"|([^",\r\n]+)/g;

function* carriedBits(text: string): Generator<boolean> {
  for (const [, quoted, bare] of text.replace(/^\ufeff/, '').matchAll(CELL)) {
    if (bare !== undefined) yield false;
    else if (quoted !== undefined && carries(quoted)) yield true;
  }
}
