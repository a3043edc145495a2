import { Injectable } from '@nestjs/common';
import { told } from '../../campaigns/experiment/experiment.queries.js';
import type { Told } from '../../campaigns/campaigns.types.js';
import { Clock } from '../../kernel/clock.js';
import { sureness } from '../../kernel/statistics.js';
import { Database } from '../../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql, whereAll } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { casesFrom, CasesQueries, casesVisibleTo } from '../cases/cases.queries.js';
import type { AnalysisForm } from './analysis.forms.js';
import { type Counts, type Cut, FIGURES, figureSql, MEASURE_KEY, OFFERED, type Rates, ratesOf, TAKEN } from './figures.policy.js';

export interface AnalysisRow extends Counts, Rates {
  /** By the first cut, and by the second where there is one; null: not known. */
  key: string | null;
  labelZh: string | null;
  labelEn: string | null;
  thenKey: string | null;
  thenZh: string | null;
  thenEn: string | null;
  /** 95 % interval of the success rate, and whether there are too few to judge by. */
  interval: [number, number] | null;
  tooFew: boolean;
}

export type AnalysisTotal = Omit<AnalysisRow, 'key' | 'labelZh' | 'labelEn' | 'thenKey' | 'thenZh' | 'thenEn'>;

/** Customers of sources that draw a hold-out whose day of follow-up is told: those who were to be kept, and those left alone. */
export interface HoldOutComparison extends Told {
  treated: { people: number; active: number };
  holdOut: { people: number; active: number };
  /** Customers kept who would have left otherwise, and what each of them cost; null before there is data enough, or where none were. */
  saved: number | null;
  costPerSavedFen: number | null;
}

export interface Analysis {
  total: AnalysisTotal;
  rows: AnalysisRow[];
  comparison: HoldOutComparison;
}

interface CutSql {
  key: Sql;
  zh: Sql;
  en: Sql;
}

const CUT: Record<Cut, CutSql> = {
  direction: { key: sql`k.direction_code`, zh: sql`d.label_zh`, en: sql`d.label_en` },
  reason: { key: sql`k.reason_code`, zh: sql`r.label_zh`, en: sql`r.label_en` },
  source: { key: sql`k.source_code`, zh: sql`s.label_zh`, en: sql`s.label_en` },
  star: { key: sql`k.star::text`, zh: sql`k.star::text`, en: sql`k.star::text` },
  region: { key: sql`k.city`, zh: sql`k.city`, en: sql`k.city` },
  month: same(sql`to_char(platform.day_of(k.opened_at), 'YYYY-MM')`),
  strategy: { key: sql`g.code`, zh: sql`g.name`, en: sql`g.name` },
  owner: { key: sql`u.username`, zh: sql`u.name`, en: sql`u.name` },
  measure: { key: sql`v.key`, zh: sql`v.name`, en: sql`v.name` },
};

function same(key: Sql): CutSql {
  return { key, zh: key, en: key };
}

/** What was done for a case, once each. */
const MEASURES = sql`join lateral (
  select ${MEASURE_KEY} as key, max(coalesce((select y.name from retention.offer y where y.id = m.offer_id), m.kind)) as name, bool_or(${TAKEN}) as taken,
         coalesce(sum(m.cost_fen) filter (where ${TAKEN}), 0) as cost
  from retention.measure m where m.case_id = k.id and ${OFFERED} group by 1) v on true`;
const COST = sql`(select coalesce(sum(m.cost_fen), 0) from retention.measure m where m.case_id = k.id and ${TAKEN})`;

/** Figures of retention: page, API and file read the same rows (RET-3, R45). */
@Injectable()
export class AnalysisQueries {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly cases: CasesQueries,
  ) {}

  async figures(user: CurrentUser, form: AnalysisForm): Promise<Analysis> {
    const { by = 'reason', then, days = 90, ...filter } = form;
    const where = whereAll([casesVisibleTo(user), ...this.cases.filtered(filter)]);
    const cuts = [by, ...(then === undefined || then === by ? [] : [then])];
    const [rows, total, comparison] = await Promise.all([this.rows(cuts, days, where), this.total(days, where), this.compared(days, where)]);
    return { total, rows, comparison };
  }

  private async rows(cuts: readonly Cut[], days: number, where: Sql): Promise<AnalysisRow[]> {
    const [first, second] = cuts.map((cut) => CUT[cut]);
    const none: CutSql = { key: sql`null`, zh: sql`null`, en: sql`null` };
    const measures = cuts.includes('measure');
    const rows = await this.database.rows<Pick<AnalysisRow, 'key' | 'labelZh' | 'labelEn' | 'thenKey' | 'thenZh' | 'thenEn'> & Counts>(sql`
      select x.key, max(x.zh) as "labelZh", max(x.en) as "labelEn", x.then_key as "thenKey", max(x.then_zh) as "thenZh", max(x.then_en) as "thenEn", ${this.sums}
      from (
        select ${columns(first ?? none)}, ${columns(second ?? none, 'then_')}, ${this.flags(measures)} ${casesFrom(days)} ${measures ? MEASURES : sql``} ${where}) x
      where x.cases group by x.key, x.then_key order by ${orderOf(cuts)}`);
    return rows.map((row) => ({ ...row, ...judged(row) }));
  }

  private async total(days: number, where: Sql): Promise<AnalysisTotal> {
    const row = await this.database.one<Counts>(
      sql`select ${this.sums} from (select ${this.flags(false)} ${casesFrom(days)} ${where}) x where x.cases`,
    );
    return { ...row, ...judged(row) };
  }

  /** A case of a measure counts as kept by it only where the customer took it. */
  private flags(measures: boolean): Sql {
    const now = this.clock.now();
    const flags = FIGURES.map((figure) => {
      const plain = figureSql(figure, now);
      const own = !measures
        ? plain
        : figure === 'taken'
          ? sql`v.taken`
          : ['judged', 'active', 'gone', 'untold'].includes(figure)
            ? sql`(${plain} and v.taken)`
            : plain;
      return sql`${own} as ${rawSql(`"${figure}"`)}`;
    });
    return sql`${joinSql(flags)}, ${measures ? sql`v.cost` : COST} as cost`;
  }

  private get sums(): Sql {
    const counts = FIGURES.map((figure) => rawSql(`count(*) filter (where x."${figure}")::int as "${figure}"`));
    return sql`${joinSql(counts)}, coalesce(sum(x.cost), 0)::float8 as "costFen", coalesce(sum(x.cost) filter (where x.judged), 0)::float8 as "judgedCostFen"`;
  }

  /**
   * By what was drawn, whether called or not: who can be reached is not chance any more (CAM-10). Newcombe's interval; "not enough data" before there is.
   */
  private async compared(days: number, where: Sql): Promise<HoldOutComparison> {
    const found = await this.database.one<{ people: number; active: number; leftPeople: number; leftActive: number; costFen: number }>(sql`
      select count(*) filter (where not x.held_out)::int as people, count(*) filter (where not x.held_out and x.status = 'active')::int as active,
             count(*) filter (where x.held_out)::int as "leftPeople", count(*) filter (where x.held_out and x.status = 'active')::int as "leftActive",
             coalesce(sum(x.cost) filter (where not x.held_out), 0)::float8 as "costFen"
      from (select k.held_out, k.drawn, f.status, ${COST} as cost ${casesFrom(days)} ${where}) x where x.drawn and x.status is not null`);
    const treated = { people: found.people, active: found.active };
    const holdOut = { people: found.leftPeople, active: found.leftActive };
    const difference = told({ people: treated.people, happened: treated.active }, { people: holdOut.people, happened: holdOut.active });
    const saved = difference.difference === null ? null : Math.round(difference.difference * treated.people);
    return { ...difference, treated, holdOut, saved, costPerSavedFen: saved !== null && saved > 0 ? Math.round(found.costFen / saved) : null };
  }
}

const columns = ({ key, zh, en }: CutSql, prefix = ''): Sql =>
  sql`${key} as ${rawSql(`${prefix}key`)}, ${zh} as ${rawSql(`${prefix}zh`)}, ${en} as ${rawSql(`${prefix}en`)}`;

/** Months and stars in their own order, everything else by how many there are; what is not known comes last. */
function orderOf([first, second]: readonly Cut[]): Sql {
  const own: readonly Cut[] = ['month', 'star'];
  const by = (cut: Cut | undefined, key: Sql): Sql =>
    cut !== undefined && own.includes(cut) ? sql`${key} nulls last` : sql`(${key} is null), count(*) desc, ${key}`;
  const whole =
    first !== undefined && own.includes(first) ? sql`x.key nulls last` : sql`(x.key is null), sum(count(*)) over (partition by x.key) desc, x.key`;
  return second === undefined ? by(first, sql`x.key`) : sql`${whole}, ${by(second, sql`x.then_key`)}`;
}

function judged(counts: Counts): Rates & Pick<AnalysisRow, 'interval' | 'tooFew'> {
  const sure = sureness(counts.active, counts.judged);
  return { ...ratesOf(counts), interval: sure ? [sure.low, sure.high] : null, tooFew: sure?.few ?? true };
}
