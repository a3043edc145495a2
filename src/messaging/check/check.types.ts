import type { TextFault } from '../wording/message-text.policy.js';
import type { MakerWording } from '../wording/wording.js';

/** A wording to be looked at on everybody. */
export interface CheckedWording extends MakerWording {
  purpose: string;
}

/** What keeps messages from being made: which field (or forbidden word), of how many, of whom for example. */
export interface FaultCount {
  fault: TextFault;
  field: string | null;
  people: number;
  /** A few of them, by their lines. */
  lineIds: string[];
}

/** How long the values of a field are, in UTF-16 units. */
export interface FieldSpread {
  field: string;
  shortest: number;
  median: number;
  longest: number;
  /** Whose message needs a part more because of this field: with a value of usual length it would not. */
  pushes: number;
}

export type CharacterKind = 'pair' | 'rare' | 'extension';

/** A character in somebody's values that counts double, or that not every phone shows. */
export interface CharacterCount {
  char: string;
  kind: CharacterKind;
  people: number;
  /** Whose message needs a part more because such characters count double. */
  pushes: number;
}

export type WorstWhy = 'longest' | 'shortest' | 'field' | 'characters';

/** Somebody worth a look before a start. */
export interface WorstCase {
  lineId: string;
  why: WorstWhy;
  /** The field that is longest here, or the characters found. */
  what: string | null;
}

/** What an audience would be sent, counted on the text of each (SMS-2, R41). */
export interface AudienceFigures {
  /** One message each. */
  people: number;
  /** Whose text can be made. */
  made: number;
  /** null: no text can be made. */
  parts: { min: number; median: number; max: number; total: number } | null;
  byParts: { parts: number; people: number }[];
  /** Of the message in the middle: its length, and how much less would save a part (0: it is one). */
  middle: { units: number; over: number } | null;
  /** Texts that need the 16-bit alphabet, as every one with a Chinese character does. */
  ucs2: number;
  /** Whose parts the wording itself needs, and whom only several fields together push over. */
  byWording: number;
  byTogether: number;
  faults: FaultCount[];
  fields: FieldSpread[];
  characters: CharacterCount[];
  worst: WorstCase[];
}
