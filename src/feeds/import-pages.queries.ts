import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { maskNumbers } from '../kernel/phone.js';
import { Catalogue, type TextParams } from '../platform/i18n/catalogue.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { FeedRegistry } from './feed-registry.js';
import { type ImportRow, ImportsQueries } from './imports.queries.js';
import { importPage, listItem, reasonText } from './imports.views.js';
import { chosenAgain, KEEP, labelOf, missingIn } from './mapping.js';
import { faultSentence } from './rejects.exports.js';
import { RejectsQueries } from './rejects.queries.js';

const ROWS_SHOWN = 50;
const RECENT_SHOWN = 5;

/** Order of the kinds in the upload form; feeds that are not named here follow. */
const FEED_ORDER = [
  'customers',
  'segment',
  'call-records',
  'orders',
  'star-changes',
  'roaming',
  'usage',
  'bills',
  'offers',
  'churn-intent',
  'churn-scores',
  'blocks',
];

/** How somebody looks at an import: at the rows refused for one reason, or again at choices that were refused. */
interface Looked {
  reason?: string | undefined;
  said?: readonly string[] | undefined;
}

/** What the pages of imports show, put together from the rows and the words of the reader's language. */
@Injectable()
export class ImportPages {
  constructor(
    private readonly queries: ImportsQueries,
    private readonly rejects: RejectsQueries,
    private readonly feeds: FeedRegistry,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  /** The page of one import with its neighbours and the upload form. */
  async whole(row: ImportRow, user: CurrentUser, { reason, said }: Looked = {}): Promise<object> {
    const recent = await this.queries.list(user, { limit: RECENT_SHOWN + 1 });
    return {
      ...(await this.detail(row, user, { reason, said })),
      recent: recent.items
        .filter((one) => one.id !== row.id)
        .slice(0, RECENT_SHOWN)
        .map((one) => listItem(one, reasonText(one, this.catalogue, user.locale))),
      feeds: this.feedCodes(user),
      values: { feed: row.feed, segment: row.options.segment },
    };
  }

  async list(user: CurrentUser, cursor?: string): Promise<object> {
    const page = await this.queries.list(user, { cursor });
    return {
      items: page.items.map((row) => listItem(row, reasonText(row, this.catalogue, user.locale))),
      next: page.nextCursor,
      feeds: this.feedCodes(user),
    };
  }

  async detail(row: ImportRow, user: CurrentUser, { reason, said }: Looked = {}): Promise<object> {
    const { segment } = row.options;
    const segmentName = segment && (await this.feeds.find(row.feed)?.segmentName?.(user, segment));
    const page = { ...importPage(row, this.clock.now(), reasonText(row, this.catalogue, user.locale)), segmentName: segmentName || segment };
    const columns = row.columns.map((header) => ({
      ...header,
      label: this.label(row.feed, header.column),
      chosen: header.column ?? header.suggested ?? (header.how === 'kept' ? KEEP : ''),
      sample: maskNumbers((header.samples ?? []).join('、')),
    }));
    if (page.asking)
      return { ...page, columns: said ? chosenAgain(columns, said) : columns, choices: this.choices(row.feed), unplaced: this.unplaced(row) };
    const notes = row.state === 'done' ? await this.feeds.find(row.feed)?.notes?.(row.id) : [];
    if (row.rejected === 0 || page.live) return { ...page, columns, notes };
    const rejects = await this.rejects.first(row.rejectsOf, { limit: ROWS_SHOWN, reason });
    const reasons = Object.entries(row.rejectReasons).map(([one, rows]) => ({ reason: one, rows, current: one === reason }));
    const words = { t: (key: string, params?: TextParams) => this.catalogue.t(user.locale, key, params) };
    const shown = rejects.flatMap(({ rowNumber, faults }) =>
      faults.map((fault) => ({ rowNumber, ...fault, sentence: faultSentence(fault, words), fix: this.fix(fault.reason, user) })),
    );
    return {
      ...page,
      columns,
      notes,
      rejects: shown,
      shownRows: rejects.length,
      reasons: reasons.sort((a, b) => b.rows - a.rows),
      reason,
    };
  }

  /** What a column of the file can be said to be. */
  private choices(feedCode: string): object {
    const feed = this.feeds.byCode(feedCode);
    return {
      keep: feed.extraColumns !== 'report',
      columns: feed.columns.map(({ name, required }) => ({ name, label: labelOf(feed, name), required })),
    };
  }

  /** What must be in the file and no column was known or guessed as, before somebody presses the button and is refused. */
  private unplaced({ feed: feedCode, columns }: ImportRow): string {
    const feed = this.feeds.byCode(feedCode);
    const placed = columns.flatMap(({ column, suggested }) => column ?? suggested ?? []);
    return missingIn(feed, placed)
      .map((name) => labelOf(feed, name))
      .join('、');
  }

  /** The usual Chinese word for a feed's column. */
  private label(feedCode: string, column: string | null): string | null {
    const feed = this.feeds.find(feedCode);
    return feed && column ? labelOf(feed, column) : column;
  }

  /** How to mend it, where there is something to say. */
  private fix(reason: string, user: CurrentUser): string {
    const key = `feeds.fix.${reason}`;
    return this.catalogue.has(key) ? this.catalogue.t(user.locale, key) : '';
  }

  private feedCodes({ role }: CurrentUser): string[] {
    const place = (code: string): number => (FEED_ORDER.includes(code) ? FEED_ORDER.indexOf(code) : FEED_ORDER.length);
    return this.feeds
      .all()
      .filter(({ adminsOnly }) => adminsOnly !== true || role === 'admin')
      .map((feed) => feed.code)
      .sort((a, b) => place(a) - place(b) || a.localeCompare(b));
  }
}
