/**
 * How a module declares a feed: `@Injectable() @DeclaresFeed() export class StarChangesFeed implements Feed { … }` in its `<module>.feeds.ts`,
 * listed among the providers of its own Nest module. The registry finds it at boot; forms, help, validation and rejects follow from it.
 */
import { DiscoveryService } from '@nestjs/core';
import type { Tx } from '../platform/database/database.js';
import type { Sql } from '../platform/database/sql.js';
import type { CurrentUser } from '../staff/staff.types.js';

export const DeclaresFeed = DiscoveryService.createDecorator();

/**
 * What a cell holds, and what arrives in the staging table:
 * phone → text, E.164 · text → text · int, star → integer · fen → integer (yuan in the file) · day → date · month → date (its first day)
 * · instant → timestamptz (without a zone: Shanghai) · bool → boolean · choice → text (the value of `choices`) · birthday → text
 * `YYYY-MM-DD`, year 0000 when it is unknown · fraction → numeric, 0 to 1 with six decimals (or a percentage: 87%) · codes → text[], each once, sorted.
 * A blank cell arrives as null.
 */
export type ColumnType =
  'phone' | 'text' | 'int' | 'star' | 'fen' | 'day' | 'month' | 'instant' | 'bool' | 'choice' | 'birthday' | 'fraction' | 'codes';

export interface FeedColumn {
  /** Name in the file, in the staging table and in the API. */
  name: string;
  /** Other headers for it; case, spaces, `_` and `-` do not matter. */
  synonyms: readonly string[];
  type: ColumnType;
  /** A file without the column is refused, a row with a blank cell rejected. */
  required?: boolean;
  /** Accepted words → stored value, for `choice`. */
  choices?: Readonly<Record<string, string>>;
  /** Limits of `int`, inclusive. Default 0 … 2,147,483,647. */
  min?: number;
  max?: number;
  /** Most characters of `text`. Default 200. */
  maxLength?: number;
  /** A `day` may have a time of day behind it, which is let go. */
  withTime?: boolean;
}

/** A text column of the stage that is worked out from another one while the file is read: what would cost the database more. */
export interface DerivedColumn {
  name: string;
  /** The feed's column; without it in the file this one is not there either. */
  from: string;
  /** Gets what was staged, never a blank. */
  value: (text: string) => string | null;
}

/** A check over several cells of one row; a fault is reported at the first of the columns. */
export interface RowRule {
  columns: readonly string[];
  /** Gets the staged text of each column (null: blank or absent). @returns a reason code, or null when all is well */
  check: (values: readonly (string | null)[]) => string | null;
}

export interface UploadOptions {
  /** Code of the segment, for feeds that need one. */
  segment?: string;
  /** Name for the segment when there is none of that code yet: it is made then. */
  segmentName?: string;
  /** What a person said of the headers: header as compared → column, null = leave it out. */
  mapping?: Readonly<Record<string, string | null>>;
}

/** Who hands in a file. */
export interface Uploader {
  id: string;
  orgUnitId: string;
  orgPath: string;
}

export interface ImportContext {
  importId: string;
  options: UploadOptions;
  uploader: Uploader;
  /** The moment of the import, for created_at and the like. */
  now: Date;
}

/** The accepted rows of a file in a temporary table of the import's transaction: `row_number int`, a column per feed column, `extras jsonb`. */
export interface Stage {
  /** The table's name, for `from ${stage.table} s`. */
  readonly table: Sql;
  /** Whether the file has this column: what it has not must be left alone by the merge. */
  has(column: string): boolean;
  /** Headers of what stands in `extras`, in the file's order. */
  readonly extraColumns: readonly string[];
  /**
   * Rejects rows that only the database could judge, and takes them out of the stage. Ask this before {@link keepLast}.
   * @param reason code of `feeds.reject.<reason>` in the catalogues
   * @param rowNumbers a select that yields `row_number`
   */
  reject(column: string, reason: string, rowNumbers: Sql): Promise<number>;
  /** A later row of the same key replaces an earlier one, which counts as duplicate and leaves the stage. @param key columns, none of them blank by now */
  keepLast(...key: string[]): Promise<number>;
  /** Takes out rows that a later row of the file replaces, found by the feed itself; they count as duplicate. @param rowNumbers as for {@link reject} */
  replaced(rowNumbers: Sql): Promise<number>;
}

/** How the staged rows ended. Together they must be exactly the rows left in the stage. */
export interface MergeResult {
  created: number;
  updated: number;
  unchanged: number;
}

/** Something the page of a finished import says beside its counts, with the page that shows more. */
export interface ImportNote {
  /** In the catalogues. */
  key: string;
  params: Record<string, string | number>;
  href: string;
}

export interface Feed {
  /** Name in `?feed=`, and of its title `feeds.feed.<code>` in the catalogues. */
  readonly code: string;
  readonly columns: readonly FeedColumn[];
  /**
   * keep: unknown columns arrive in `extras` · report: they are named on the import's page and left out · whole: `extras` is a JSON array of every
   * cell of the row as the file has it, known or not, for a feed that hands rows back to their sender.
   */
  readonly extraColumns: 'keep' | 'report' | 'whole';
  /** What a file of ours has behind the sender's columns: dropped when it is handed in. */
  readonly ownColumns?: readonly string[];
  readonly rules?: readonly RowRule[];
  readonly derived?: readonly DerivedColumn[];
  /** Nobody but administrators hands it in, or is offered to. */
  readonly adminsOnly?: boolean;
  /** The upload must name a segment. */
  readonly needsSegment?: boolean;
  /** Judges the options when the file is handed in, and makes what they ask for. @throws DomainError */
  prepare?(uploader: CurrentUser, options: UploadOptions): Promise<void>;
  /** The name of the segment that an import's options name by its code, for whom it is there. */
  segmentName?(reader: CurrentUser, code: string): Promise<string | undefined>;
  /**
   * Brings the staged rows into the module's tables with set-based statements; rows that say nothing new are not rewritten. Imports of one feed
   * run one after the other. Runs in the import's one transaction: a throw leaves nothing behind.
   */
  merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult>;
  /** What there is to say of an import by now. */
  notes?(importId: string): Promise<ImportNote[]>;
}
