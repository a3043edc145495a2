import type { Day } from '../../kernel/day.js';
import type { JobOptions } from '../jobs/define-job.js';

export const MONTHS_OPTIONS = Symbol('months-options');

export interface MonthsOptions {
  /** Where old months lie; undefined: where all others do. */
  tablespace: string | undefined;
  /** Months that pass before one moves there. */
  afterMonths: number;
  /** Months that pass before messages become a file; undefined: never. */
  keepMessages: number | undefined;
  /** Where the files lie. */
  folder: string;
}

/** The partition of one month. */
export interface MonthPart {
  /** `messaging.message` */
  parent: string;
  /** `messaging.message_202510`, quoted where it must be. */
  name: string;
  /** Its first day. */
  month: Day;
}

/** A month takes minutes; a folder that is full is not empty a moment later. */
export const ARCHIVING: JobOptions = { attempts: 3, backoffSeconds: 600, concurrency: 1 };

/** What became of a month. */
export interface MonthReport extends MonthPart {
  /** null: it is where it is meant to be. */
  stays: string | null;
}

/** Why a month stays for now: nothing was lost, the next night tries again. */
export class MonthStays extends Error {}

/** As errors of jobs may be kept: longer runs of digits are taken out of them. */
export const monthName = ({ month }: Pick<MonthPart, 'month'>): string => month.slice(0, 7).replace('-', '/');

/** `messaging.message_202510` */
export const stemOf = ({ parent, month }: Pick<MonthPart, 'parent' | 'month'>): string => `${parent}_${month.slice(0, 7).replace('-', '')}`;
