import type { Day } from '../../kernel/day.js';

/** One day as a line of the notice says it. */
export interface Statement {
  /** Line of the file, from 1. */
  line: number;
  day: Day;
  working: boolean;
  name: string;
  /** 1–7 as written beside the day; null where none is. */
  weekday: number | null;
}

/** Something wrong with a line; the sentence is `notice.fault.<code>`. */
export interface NoticeFault {
  line: number;
  value: string;
  code: 'day' | 'state' | 'range' | 'year' | 'weekday' | 'weekday_missing' | 'contradiction' | 'on_weekday' | 'count' | 'nothing';
  params: Record<string, string | number>;
}

/** Worth a look, but no reason to refuse; the sentence is `notice.warning.<code>`. */
export interface NoticeWarning {
  code: 'statutory' | 'no_makeup' | 'replaces' | 'by_hand';
  params: Record<string, string | number>;
}

/** What a text was read as, before it is judged. */
export interface Reading {
  statements: Statement[];
  /** Lines that could not be read, one each. */
  unread: NoticeFault[];
  /** Where the text contradicts its own count of days. */
  miscounts: NoticeFault[];
}

/** A judged notice. Each statement has one fate: read = off + work + duplicate + faulty. */
export interface Notice {
  year: number;
  read: number;
  off: number;
  work: number;
  duplicate: number;
  faulty: number;
  days: { day: Day; working: boolean; name: string }[];
  faults: NoticeFault[];
  warnings: NoticeWarning[];
}

/** A day that the notice changes. */
export interface NoticeChange {
  day: Day;
  working: boolean;
  name: string | null;
  wasWorking: boolean;
  wasName: string | null;
}

/** What an import did, or would do. */
export interface NoticeResult extends Omit<Notice, 'days'> {
  changes: NoticeChange[];
  /** False: this is a preview, or the notice stands already. */
  applied: boolean;
  published: boolean;
}
