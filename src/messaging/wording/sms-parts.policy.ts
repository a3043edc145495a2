import { GSM_BASIC, GSM_EXTENDED } from './gsm-alphabet.policy.js';

/**
 * Length of a message on the air. One character outside the GSM 03.38 alphabet turns the whole text into UCS-2, where every UTF-16 code
 * unit counts one. Long messages carry a six-byte header in each part, hence 153 and 67 instead of 160 and 70.
 */
export type Encoding = 'gsm7' | 'ucs2';

export interface Measure {
  encoding: Encoding;
  /** Septets (gsm7) or UTF-16 code units (ucs2). */
  units: number;
  /** 0 for an empty text. */
  parts: number;
  /** Where each further part begins, as indexes into the text. */
  breaks: number[];
}

/** The networks take no more, signature and opt-out words included. */
export const MAX_UNITS = 500;

const SINGLE = { gsm7: 160, ucs2: 70 } as const;
const PART = { gsm7: 153, ucs2: 67 } as const;

const BASIC = new Set(GSM_BASIC.replace('\x1b', ''));
const EXTENDED = new Set(Object.values(GSM_EXTENDED));

const gsmUnits = (char: string): number => (EXTENDED.has(char) ? 2 : 1);

function isGsm(text: string): boolean {
  for (const char of text) if (!BASIC.has(char) && !EXTENDED.has(char)) return false;
  return true;
}

/** Fills parts one character at a time: an escape pair or a surrogate pair that does not fit moves to the next part whole. */
function partStarts(text: string, size: number, unitsOf: (char: string) => number): number[] {
  const starts: number[] = [];
  let filled = 0;
  let index = 0;
  for (const char of text) {
    const units = unitsOf(char);
    if (filled + units > size) {
      starts.push(index);
      filled = 0;
    }
    filled += units;
    index += char.length;
  }
  return starts;
}

export const measure = (text: string): Measure => measureAs(text, isGsm(text) ? 'gsm7' : 'ucs2');

/** For a line that cannot carry the GSM alphabet as it is. */
export function measureAs(text: string, encoding: Encoding): Measure {
  const units = encoding === 'gsm7' ? septets(text) : text.length;
  if (units === 0) return { encoding, units, parts: 0, breaks: [] };
  const unitsOf = encoding === 'gsm7' ? gsmUnits : (char: string): number => char.length;
  const breaks = units <= SINGLE[encoding] ? [] : partStarts(text, PART[encoding], unitsOf);
  return { encoding, units, parts: breaks.length + 1, breaks };
}

function septets(text: string): number {
  let units = 0;
  for (const char of text) units += gsmUnits(char);
  return units;
}

/** Why a text cannot be sent at all, or null. */
export function lengthFault(size: Measure): 'sms_empty' | 'sms_too_long' | null {
  if (size.units === 0) return 'sms_empty';
  return size.units > MAX_UNITS ? 'sms_too_long' : null;
}

/** The text cut at its part borders, as the preview draws it. */
export function cutParts(text: string, breaks: readonly number[]): string[] {
  const edges = [0, ...breaks, text.length];
  return edges.slice(1).map((end, i) => text.slice(edges[i], end));
}

/** Parts of so many units, if every part could be filled to its end. */
export const leastParts = (units: number, encoding: Encoding): number =>
  units === 0 ? 0 : units <= SINGLE[encoding] ? 1 : Math.ceil(units / PART[encoding]);

/** So many units have to go for a part less; 0 where it is one part already. */
export const unitsOver = (units: number, encoding: Encoding): number => {
  const parts = leastParts(units, encoding);
  if (parts <= 1) return 0;
  return units - (parts === 2 ? SINGLE[encoding] : PART[encoding] * (parts - 1));
};

/** Two places of the GSM alphabet each; one like any other once the text is UCS-2 (R40). */
export const isGsmExtension = (char: string): boolean => EXTENDED.has(char);
