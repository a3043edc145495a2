/**
 * How a gateway writes the same id in its answers and in its receipts. `same`: alike but for case and leading zeros; else one of them
 * hexadecimal and the other decimal, as older centres do.
 */
export const ID_FORMATS = ['same', 'hex-decimal', 'decimal-hex'] as const;
export type IdFormat = (typeof ID_FORMATS)[number];

const DECIMAL = /^\d+$/;
const HEX = /^(?:0x)?([0-9a-f]+)$/;

const bare = (id: string): string => id.replace(/^0+(?=.)/, '');
const decimalAsHex = (id: string): string | null => (DECIMAL.test(id) ? BigInt(id).toString(16) : null);
const hexAsHex = (id: string): string | null => HEX.exec(id)?.[1] ?? null;

const IN_ANSWER = { same: null, 'hex-decimal': hexAsHex, 'decimal-hex': decimalAsHex } as const;
const IN_RECEIPT = { same: null, 'hex-decimal': decimalAsHex, 'decimal-hex': hexAsHex } as const;

/** The one spelling under which an id is kept (R42); one that is not what the format says is kept as a text. */
export function normalisedId(id: string, from: 'answer' | 'receipt', format: IdFormat): string {
  const plain = id.trim().toLowerCase();
  const read = (from === 'answer' ? IN_ANSWER : IN_RECEIPT)[format];
  return bare(read?.(plain) ?? plain);
}
