/** Money is held in fen (1/100 yuan) as an integer. */
export type Fen = number;

/** `23900` → `239.00`; whole amounts lose the decimals with `short`. */
export function formatFen(fen: Fen, short = false): string {
  const text = (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return short ? text.replace(/\.00$/, '') : text;
}

/** `"239"`, `"239.5"`, `"¥1,239.50"` → fen; null when it is no amount. */
export function parseFen(text: string): Fen | null {
  const plain = text.replace(/[,¥¥元\s]/g, '');
  return /^-?\d+(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}
