/** What became of a text: pieces that stayed, went, or are new, in reading order. */
export interface DiffPiece {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** A variable, a number or a Latin word is changed as a whole; Chinese is compared character by character. */
const tokensOf = (text: string): string[] => text.match(/\{\{[^}]*\}\}|[A-Za-z0-9.]+|[\s\S]/gu) ?? [];

/** Lengths of the longest common subsequence of what follows each pair of places. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const [row, below] = [rows[i] as Uint16Array, rows[i + 1] as Uint16Array];
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}

/** The least that turns one text into the other; what went stands before what came. */
export function diffTexts(from: string, to: string): DiffPiece[] {
  const [before, after] = [tokensOf(from), tokensOf(to)];
  const common = commonLengths(before, after);
  const pieces: DiffPiece[] = [];
  const add = (kind: DiffPiece['kind'], text = ''): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      add('same', before[i]);
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      add('gone', before[i]);
      i += 1;
    } else {
      add('new', after[j]);
      j += 1;
    }
  }
  return tidied(pieces);
}

/** 旧新旧新 is read as 旧旧新新: between two pieces that stayed stands at most one that went and one that came. */
function tidied(pieces: readonly DiffPiece[]): DiffPiece[] {
  const tidy: DiffPiece[] = [];
  let [gone, fresh] = ['', ''];
  const flush = (): void => {
    if (gone !== '') tidy.push({ kind: 'gone', text: gone });
    if (fresh !== '') tidy.push({ kind: 'new', text: fresh });
    [gone, fresh] = ['', ''];
  };
  for (const piece of pieces) {
    if (piece.kind === 'gone') gone += piece.text;
    else if (piece.kind === 'new') fresh += piece.text;
    else {
      flush();
      tidy.push(piece);
    }
  }
  flush();
  return tidy;
}
