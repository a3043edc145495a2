import type { Day } from '../../kernel/day.js';

export const BULLETIN_KINDS = ['wecom', 'json'] as const;
export type BulletinKind = (typeof BULLETIN_KINDS)[number];
export const DEFAULT_TIMES: readonly string[] = ['12:00', '18:00'];
export const MOST_TIMES = 6;

export interface Bulletin {
  id: string;
  orgUnit: string;
  orgName: string;
  orgPath: string;
  kind: BulletinKind;
  /** Of the address; the rest of it is a secret. */
  host: string;
  /** 'HH:MM', Asia/Shanghai. */
  times: string[];
  active: boolean;
  activeSince: Date;
  updatedAt: Date;
  lastState: DeliveryState | null;
  lastAt: Date | null;
}

export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'failed' | 'doubtful' | 'skipped';

export interface Delivery {
  id: string;
  /** The time it is for; null: a test. */
  slot: Date | null;
  state: DeliveryState;
  late: boolean;
  tries: number;
  /** HTTP status of the last answer. */
  status: number | null;
  reason: string | null;
  body: string | null;
  createdAt: Date;
  endedAt: Date | null;
}

/** Where it goes and what it is signed with. */
export interface Target {
  url: string;
  secret: string | null;
}

/** A line of the table: a manager of a team, or a team of a larger unit. */
export interface BulletinLine {
  key: string;
  name: string;
  attempts: number;
  connected: number;
  connectRate: number | null;
  converted: number;
  conversionRate: number | null;
}

/** What a bulletin says; the figures are those of the catalogue. */
export interface BulletinContent {
  unit: string;
  day: Day;
  /** The time it is for, 'HH:MM'; null: a test. */
  time: string | null;
  /** When the figures were read. */
  asOf: Date;
  late: boolean;
  total: Omit<BulletinLine, 'key' | 'name'>;
  callbacks: { promised: number; kept: number; open: number };
  by: 'manager' | 'team';
  lines: BulletinLine[];
}
