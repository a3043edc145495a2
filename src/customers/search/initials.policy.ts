import { pinyin } from 'pinyin-pro';
import { surnameOf } from '../../kernel/honorific.js';

const HAN = /\p{Script=Han}/u;
/** People have up to four characters; what is longer is an enterprise, whose words decide how a character is read (重庆, 长城). */
const LONGEST_PERSON = 4;
/** More than anybody types. */
const MOST = 24;

/** Surnames that the dictionary does not read as surnames. */
const SURNAMES: Readonly<Record<string, string>> = { 单于: 'cy', 种: 'c' };

/** A name's characters come again and again: each is looked up once. */
const surnames = new Map<string, string>(Object.entries(SURNAMES));
const characters = new Map<string, string>();

const letters = (text: string, mode: 'surname' | 'normal'): string =>
  pinyin(text, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'removed', mode })
    .join('')
    .replace(/[^a-z]/g, '');

function remembered(kept: Map<string, string>, text: string, mode: 'surname' | 'normal'): string {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const read = letters(text, mode);
  kept.set(text, read);
  return read;
}

/** One character of a given name, or a Latin letter or digit as it is. */
function character(sign: string): string {
  if (sign >= '\u2e80') return HAN.test(sign) ? remembered(characters, sign, 'normal') : '';
  return /[a-z0-9]/i.test(sign) ? sign.toLowerCase() : '';
}

/**
 * What a name is found by: the first letters of its pinyin, the surname read as a surname (单 s, 仇 q, 曾 z, 尉迟 yc); Latin letters and digits stand
 * as they are. 陈志远 → czy, 尉迟恭 → ycg, John Smith → johnsmith.
 * @returns at most 24 letters; null when the name has none
 */
export function initialsOf(name: string): string | null {
  const text = name.trim();
  const signs = [...text];
  const chinese = HAN.test(signs[0] ?? '');
  if (chinese && signs.length > LONGEST_PERSON && signs.every((sign) => HAN.test(sign))) return letters(text, 'normal').slice(0, MOST) || null;
  const surname = chinese ? surnameOf(text) : '';
  let read = surname === '' ? '' : remembered(surnames, surname, 'surname');
  for (let i = [...surname].length; i < signs.length && read.length < MOST; i += 1) read += character(signs[i] ?? '');
  return read.slice(0, MOST) || null;
}

export interface NameWanted {
  /** The name begins with it. */
  prefix?: string;
  /** Its initials begin with it. */
  initials?: string;
}

/** What somebody typed into a search: the beginning of a name, initials (czy, CZY), or a character and initials (陈zy). */
export function readName(text: string): NameWanted {
  const typed = text.trim();
  const [, han = '', latin = ''] = /^(\p{Script=Han}*)([a-z0-9 .·'-]*)$/iu.exec(typed) ?? [];
  const initials = latin.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (initials === '') return { prefix: typed };
  if (han === '') return { initials };
  // more follows: what is typed may be a surname of two characters
  return { prefix: han, initials: `${initialsOf(`${han}一`)?.slice(0, -1) ?? ''}${initials}` };
}
