import { Injectable } from '@nestjs/common';
import { renderScript } from '../../campaigns/campaigns.queries.js';
import type { Script } from '../../campaigns/campaigns.types.js';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { whyText } from '../model/models.views.js';
import { SetupQueries } from '../setup/setup.queries.js';
import { type CaseOffer, CaseOffers } from './case-offers.queries.js';
import { CaseParts } from './case-parts.queries.js';
import { deedsOf } from './case.states.js';
import { type CaseDeed, type CaseRow, LIVE_STATES, MEASURE_KINDS, type MeasureRow, type Named } from './case.types.js';
import { CASE_VIEWS, type CaseFilter, type CaseListForm, type CaseView } from './cases.forms.js';
import { CasesQueries } from './cases.queries.js';
import { caseLine, entryLine, followUpLine, measureLine, nameOf, type Say, signLine } from './cases.views.js';

type View = Record<string, unknown>;

/** What may be chosen in a list; what is switched off still names old cases. */
interface Choice {
  code: string;
  name: string;
  enabled: boolean;
}
type Choices = Record<'sources' | 'reasons' | 'directions', Choice[]>;

const EMPTY: Script = { opening: '', branches: [], objections: [] };

/** Deeds with a button of their own; noting and planning a call have boxes. */
const BUTTONS: readonly CaseDeed[] = ['keep', 'lose', 'reopen', 'lift', 'withdraw'];

/** Reads what the pages of cases show. */
@Injectable()
export class CasePage {
  constructor(
    private readonly cases: CasesQueries,
    private readonly parts: CaseParts,
    private readonly offers: CaseOffers,
    private readonly setup: SetupQueries,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  /** The list: what there is to do, by score × value. @throws DomainError cursor_invalid (400) */
  async list(user: CurrentUser, form: CaseListForm): Promise<View> {
    const { cursor, limit: _, ...asked } = form;
    const filter: CaseFilter =
      asked.view === undefined && asked.state === undefined && asked.customer === undefined ? { ...asked, view: 'live' } : asked;
    const [page, counts, counted, choices] = await Promise.all([
      this.cases.list(user, { ...filter, ...(cursor === undefined ? {} : { cursor }) }),
      this.cases.counts(user, filter),
      this.cases.count(user, filter),
      this.choices(user),
    ]);
    const { view, ...narrowing } = filter;
    const set = Object.entries(narrowing).filter(([, value]) => value !== undefined);
    return {
      filter,
      rows: page.items.map((row) => this.line(row, user)),
      counted,
      next: page.nextCursor,
      pills: CASE_VIEWS.map((name) => ({
        name,
        count: counts[name],
        current: name === view,
        href: hrefOf({ ...narrowing, state: undefined, view: name }),
      })),
      narrowed: set.length > 0,
      // what a figure of the analysis or an address narrowed by is kept when the boxes change
      kept: set.filter(([name]) => !['source', 'reason'].includes(name)).map(([name, value]) => ({ name, value })),
      ...choices,
      mayCall: user.role === 'manager',
      mayOpen: user.role !== 'planner',
      maySetUp: user.role === 'planner' || user.role === 'admin',
      mayAnalyse: user.role !== 'manager',
      exportHref: user.role === 'manager' ? null : exportHref('retention-cases', textsOf(filter)),
    };
  }

  /** One case: why, how it stands, what can be done. @throws DomainError not_found */
  async one(user: CurrentUser, no: string): Promise<View> {
    return this.whole(user, await this.cases.byNo(user, no));
  }

  /** Giving somebody up whom nobody has called is asked about first; null where nothing is to be asked, or something is missing anyway. */
  async beforeLosing(user: CurrentUser, no: string, { reason, direction }: Record<string, string>): Promise<View | null> {
    const row = await this.cases.byNo(user, no);
    const said = Boolean(reason || row.reason) && Boolean(direction || row.direction);
    return said && row.calls === 0 && deedsOf(row.state).includes('lose') ? { case: this.line(row, user) } : null;
  }

  /** The case a held call belongs to, for the desk; null when it belongs to none. */
  async ofTask(user: CurrentUser, taskId: string): Promise<View | null> {
    const row = await this.cases.byTask(user, taskId);
    return row ? { ...(await this.whole(user, row)), taskId } : null;
  }

  /** The form for a new sign. */
  async blank(user: CurrentUser, customer: { id: string; name: string | null; starLevel: number } | null): Promise<View> {
    return { customer, ...inUse(await this.choices(user)) };
  }

  private async whole(user: CurrentUser, row: CaseRow): Promise<View> {
    const [signs, measures, followUps, history, choices, strategy, people] = await Promise.all([
      this.parts.signs(row.id),
      this.parts.measures(row.id),
      this.parts.followUps(row.id),
      this.parts.history(row.id),
      this.choices(user),
      row.strategy === null ? null : this.setup.strategy(row.strategy),
      user.role === 'manager' || user.role === 'planner' ? [] : this.managers(user),
    ]);
    const acts = user.role !== 'planner';
    const deeds = acts ? deedsOf(row.state) : [];
    const names = new Map([...choices.sources, ...choices.reasons, ...choices.directions].map(({ code, name }) => [code, name]));
    return {
      case: { ...this.line(row, user), held: row.state === 'held_out', stopped: row.state === 'stopped' },
      signs: signs.map((sign) => signLine(sign, user.locale)),
      goal: strategy?.goal ?? null,
      script: strategy ? renderScript({ ...EMPTY, ...(strategy.script as Partial<Script>) }, {}, row.star) : null,
      offers: acts ? await this.offersFor(row, strategy?.offers ?? [], measures) : [],
      measures: measures.map((measure) => measureLine(measure, user, row.state)),
      followUps: followUps.map(followUpLine),
      history: history.map((entry) => entryLine(entry, names)),
      ...inUse(choices),
      kinds: MEASURE_KINDS.filter((kind) => kind !== 'offer'),
      deeds: deeds.filter((deed) => BUTTONS.includes(deed)),
      mayNote: deeds.includes('note'),
      mayCall: deeds.includes('call'),
      people,
      today: dayOf(this.clock.now()),
    };
  }

  /** What may be offered and has not been. */
  private async offersFor(row: CaseRow, named: readonly string[], measures: readonly MeasureRow[]): Promise<CaseOffer[]> {
    if (!LIVE_STATES.includes(row.state) && row.state !== 'kept') return [];
    const there = new Set(
      measures.filter(({ state }) => state === 'waiting' || state === 'granted' || state === 'accepted').map(({ offer }) => offer),
    );
    return (await this.offers.of(row, named)).filter(({ code }) => !there.has(code));
  }

  private line(row: CaseRow, user: CurrentUser) {
    const say = this.sayTo(user);
    return {
      ...caseLine(row, this.clock.now(), { locale: user.locale, say }),
      scoreWhy: whyText(row.why, row.scoreText, { locale: user.locale, t: say }),
    };
  }

  private async choices(user: CurrentUser): Promise<Choices> {
    const [sources, reasons, directions] = await Promise.all([this.parts.named('source'), this.parts.named('reason'), this.parts.named('direction')]);
    const said = (rows: (Named & { enabled: boolean })[]): Choice[] =>
      rows.map((row) => ({ code: row.code, name: nameOf(row, user.locale), enabled: row.enabled }));
    return { sources: said(sources), reasons: said(reasons), directions: said(directions) };
  }

  private managers(user: CurrentUser): Promise<{ username: string; name: string }[]> {
    return this.database.rows(sql`
      select u.username, u.name from staff.v_user u where u.role = 'manager' and u.active and starts_with(u.org_path, ${user.orgPath}::text) order by u.name limit 500`);
  }

  private sayTo({ locale }: CurrentUser): Say {
    return (key, params) => this.catalogue.t(locale, key, params);
  }
}

function inUse({ sources, reasons, directions }: Choices): Choices {
  const used = (all: readonly Choice[]): Choice[] => all.filter(({ enabled }) => enabled);
  return { sources: used(sources), reasons: used(reasons), directions: used(directions) };
}

const textsOf = (filter: CaseFilter): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, value === undefined ? undefined : String(value)]));

/** The address of a list. */
export function hrefOf(filter: CaseFilter & { view?: CaseView; state?: CaseRow['state'] | undefined }): string {
  const set = Object.entries(textsOf(filter)).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return set.length === 0 ? '/retention' : `/retention?${new URLSearchParams(set).toString()}`;
}
