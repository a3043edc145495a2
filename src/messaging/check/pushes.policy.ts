import { type Encoding, isGsmExtension, leastParts } from '../wording/sms-parts.policy.js';
import type { CharacterKind } from './check.types.js';

/** What is the same of many messages: how long each field is in them, and what that comes to. */
export interface Shape {
  lengths: readonly number[];
  units: number;
  parts: number;
  encoding: Encoding;
  /** Characters that count double. */
  doubles: number;
}

export interface Pushed {
  /** Places of the fields each of which alone costs a part. */
  fields: number[];
  characters: boolean;
  /** No field alone, but all of them. */
  together: boolean;
  /** With values of usual length it would need as many parts: the text itself is so long. */
  wording: boolean;
}

/** Which fields or characters push a message over the end of a part (R41): those without whose excess it would need fewer. */
export function pushedBy({ lengths, units, parts, encoding, doubles }: Shape, usual: readonly number[]): Pushed {
  const saves = (excess: number): boolean => excess > 0 && leastParts(units - excess, encoding) < parts;
  const excess = lengths.map((length, i) => Math.max(0, length - (usual[i] ?? 0)));
  const fields = excess.flatMap((over, i) => (saves(over) ? [i] : []));
  const characters = saves(doubles);
  const together = fields.length === 0 && !characters && saves(excess.reduce((a, b) => a + b, 0));
  return { fields, characters, together, wording: parts > 1 && fields.length === 0 && !characters && !together };
}

const PAIR = /[\u{10000}-\u{10ffff}]/u;
/** Extension A, private use and compatibility forms: older phones show a box. */
const RARE = /[\u3400-\u4dbf\ue000-\uf8ff\uf900-\ufaff]/;
const WORTH_A_LOOK = /[\ud800-\udfff\u3400-\u4dbf\ue000-\ufaff^{}\\[\]~|€]/;

/** The characters of a value that count double or may not be shown; most values have none and cost one look. */
export function oddCharacters(value: string): { char: string; kind: CharacterKind }[] {
  if (!WORTH_A_LOOK.test(value)) return [];
  return [...value].flatMap((char) => {
    const kind = kindOf(char);
    return kind ? [{ char, kind }] : [];
  });
}

function kindOf(char: string): CharacterKind | null {
  if (PAIR.test(char)) return 'pair';
  if (RARE.test(char)) return 'rare';
  return isGsmExtension(char) ? 'extension' : null;
}

/** How many units of a text are there only because a character counts double in its alphabet. */
export function doublesIn(text: string, units: number, encoding: Encoding): number {
  if (encoding === 'gsm7') return units - text.length;
  return text.length - [...text].length;
}
