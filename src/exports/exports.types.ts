/**
 * How a module declares a file people may take out: `@Injectable() @DeclaresExport() export class MembersExport implements ExportSource<Form> { … }`
 * in its `<thing>.exports.ts`, listed among the providers of its own Nest module. Its address is `/exports/files/<code>?<filter>`; limit, second
 * person, watermark, formats, expiry and audit follow.
 */
import type { Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Locale, TextParams } from '../platform/i18n/catalogue.js';
import type { Sheet } from '../platform/spreadsheet/workbook.js';
import type { CurrentUser, Role } from '../staff/staff.types.js';

export const DeclaresExport = DiscoveryService.createDecorator();

export const FORMATS = ['xlsx', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** The texts of the person the file is for. */
export interface Words {
  locale: Locale;
  t: (key: string, params?: TextParams) => string;
}

/** Where an export is taken, for the link on the page that shows its rows; empty values are left out. */
export function exportHref(what: string, filter: Readonly<Record<string, string | undefined>> = {}): string {
  const set = Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return `/exports/files/${what}${set.length > 0 ? `?${new URLSearchParams(set).toString()}` : ''}`;
}

export interface ExportContent {
  /** How many rows its sheets will yield. */
  rows: number;
  /** Read when the file is written, not before. Rows hold what this person may see, masked where their pages mask. */
  sheet: Sheet;
  /** Further sheets of a workbook, counted in {@link rows}; a source that has them offers no CSV. */
  more?: readonly Sheet[];
  /** What the figures mean: stands behind the data of a workbook, is not counted in {@link rows} and has no place in a CSV. */
  notes?: Sheet;
  /** What the file is called before its mark; default: the title of the export. */
  fileName?: string;
}

/** `F` is flat, with optional texts and numbers: it stands in addresses and in the stored request. */
export interface ExportSource<F extends object = object> {
  /** Stable. Its title is `exports.what.<code>` in the catalogues. */
  readonly code: string;
  /** Who may ask for it, besides administrators. */
  readonly roles: readonly Role[];
  readonly form: Type<F>;
  /** Default: both. */
  readonly formats?: readonly Format[];
  /** Rows that go back to whoever sent them need no second person (FED-3, FED-5); number, mark and audit they have like any other. */
  readonly handBack?: boolean;
  /** @throws DomainError what the filter names is unknown or outside the person's scope */
  open(user: CurrentUser, filter: F, words: Words): Promise<ExportContent>;
}

/** What somebody wants to take out. */
export interface Wish {
  what: string;
  format?: string | undefined;
  /** As it was typed. */
  filter: unknown;
  /** A program's: unknown fields are refused. Default: left out, as an address may hold more. */
  strict?: boolean;
  locale: Locale;
}

export interface Opened {
  source: ExportSource;
  format: Format;
  filter: object;
  content: ExportContent;
}

export const EXPORT_STATES = ['delivered', 'waiting', 'refused', 'withdrawn', 'queued', 'ready', 'failed', 'expired'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** Who may let an export of their unit or one below go, besides administrators: the supervisor, and the client whose data it is. */
export const DECIDERS = ['supervisor', 'client'] as const satisfies readonly Role[];

export interface ExportSettings {
  /** An export of more rows waits for a second person. 0 … 1,000,000. */
  rowsAtOnce: number;
  /** Hours a made file can be fetched. 1 … 168. */
  hoursKept: number;
}

export const DEFAULT_SETTINGS: ExportSettings = { rowsAtOnce: 1_000, hoursKept: 24 };

export interface ExportRow {
  id: string;
  what: string;
  format: Format;
  filter: Record<string, unknown>;
  locale: Locale;
  state: ExportState;
  rows: number;
  reason: string | null;
  requesterId: string;
  requester: string;
  requesterName: string;
  /** Staff number, or the username of somebody who has none. */
  staffNo: string;
  orgName: string;
  requestedAt: Date;
  decider: string | null;
  deciderName: string | null;
  decidedAt: Date | null;
  refusal: string | null;
  fault: string | null;
  file: string;
  madeAt: Date | null;
  madeRows: number | null;
  bytes: number | null;
  expiresAt: Date | null;
}
