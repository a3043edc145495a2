/** Words and characters that no message may hold, found whatever their width and case. */
export type WordFinder = (text: string) => string[];

const NONE: WordFinder = () => [];
const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Made once for many texts: most hold nothing, and cost one look. */
export function wordFinder(words: readonly string[]): WordFinder {
  const looks = words.map((word) => ({ word, look: plain(word) })).filter(({ look }) => look !== '');
  if (looks.length === 0) return NONE;
  const any = new RegExp(looks.map(({ look }) => look.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'));
  return (text) => {
    const read = plain(text);
    return any.test(read) ? looks.filter(({ look }) => read.includes(look)).map(({ word }) => word) : [];
  };
}

const NOTATION = /^U\+([0-9A-F]{2,6})$/i;

/** What somebody typed: a word, or a character that cannot be typed as U+200B. undefined: neither. */
export function wordTyped(typed: string): string | undefined {
  const text = typed.trim();
  const [, hex] = NOTATION.exec(text) ?? [];
  if (hex === undefined) return text === '' ? undefined : text;
  const code = parseInt(hex, 16);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined;
}

/** As it is shown: what cannot be seen by its number. */
export const wordShown = (word: string): string =>
  [...word]
    .map((char) => (/[\p{C}\p{Z}\p{M}]/u.test(char) && char !== ' ' ? `U+${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}` : char))
    .join('');
