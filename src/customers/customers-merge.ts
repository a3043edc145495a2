import type { ImportContext, MergeResult, Stage } from '../feeds/feeds.types.js';
import { settleMerged } from './customers-merged.js';
import type { Tx } from '../platform/database/database.js';
import { joinSql, rawSql, type Sql, sql } from '../platform/database/sql.js';

/** One stored column: the file's column it comes from, the new value, and what a blank or absent one leaves. */
interface Target {
  /** Column of the table. */
  column: string;
  /** Column of the file. */
  from: string;
  /** The staged value; null keeps what is known. */
  value: Sql;
  /** A blank clears: consent that is no longer known counts as none. */
  clears?: boolean;
  /** What a new row gets when the file says nothing. */
  otherwise?: Sql;
  /** The flag that says a person told it: then it stays (CUS-3). */
  told?: string;
}

const plain = (column: string, from = column): Target => ({ column, from, value: rawSql(`s.${from}`) });
const birth = (column: string, value: string): Target => ({ column, from: 'birthday', value: rawSql(value), told: 'birth_told' });

const CUSTOMER: readonly Target[] = [
  plain('name'),
  plain('name_initials'),
  plain('gender'),
  { ...plain('star_level'), otherwise: sql`0` },
  plain('tier'),
  { ...plain('class'), otherwise: sql`'individual'` },
  plain('province'),
  plain('city'),
  plain('district'),
  birth('birth_month', 'substr(s.birthday, 6, 2)::smallint'),
  birth('birth_day', 'substr(s.birthday, 9, 2)::smallint'),
  plain('joined_on'),
  { ...plain('sms_consent'), clears: true },
  { ...plain('call_consent'), clears: true },
  { column: 'manager_id', from: 'manager', value: rawSql('u.id') },
];

const LINE: readonly Target[] = [
  plain('package'),
  plain('arpu_fen', 'arpu'),
  { ...plain('kind', 'line_kind'), otherwise: sql`'main'` },
  plain('contract_end'),
  { ...plain('hotline_blacklisted', 'hotline_blacklist'), otherwise: sql`false` },
  { ...plain('status'), otherwise: sql`'active'` },
];

/**
 * Brings staged lines into customers and lines with one statement a table and kind of change. First each row finds its customer
 * (`import_owner`), then customers and lines are inserted or, where something differs, updated. Of several lines of one customer the main card
 * decides the customer's facts, else the last row.
 */
export class CustomersMerge {
  /** How many customers turned out to be others. */
  merged = 0;

  constructor(
    private readonly tx: Tx,
    private readonly stage: Stage,
    private readonly context: ImportContext,
  ) {}

  private get now(): Sql {
    return sql`${this.context.now}::timestamptz`;
  }

  async run(): Promise<MergeResult> {
    await this.findOwners();
    await this.insertCustomers();
    const created = await this.insertLines();
    await this.recordManagers();
    const updated = await this.updateBoth();
    await this.settleStatus();
    if (this.stage.has('customer_no')) this.merged = await settleMerged(this.tx, this.context.now);
    if (created > STALE_AFTER) await this.tx.run(rawSql('analyze customers.customer, customers.line'));
    const { total } = await this.tx.one<{ total: number }>(sql`select count(*)::int as total from import_owner`);
    return { created, updated, unchanged: total - created - updated };
  }

  /** `import_owner`: row → line, the customer it had, the customer it has now, whether that one is new, whether the row decides its facts. */
  private async findOwners(): Promise<void> {
    const kind = this.stage.has('line_kind') ? sql`coalesce(s.line_kind, l.kind, 'main')` : sql`coalesce(l.kind, 'main')`;
    await this.tx.run(sql`
      create temp table import_owner on commit drop as
      ${this.stage.has('customer_no') ? deciding(this.ownersByNumber(kind)) : this.ownersByLine(kind)}`);
    await this.tx.run(rawSql('analyze import_owner'));
  }

  /**
   * Files without a customer number: a known line keeps its customer, a new line gets one of its own and so decides its facts. New customers are numbered
   * in the order of their lines: what is then written goes to the ends of the indexes.
   */
  private ownersByLine(kind: Sql): Sql {
    const known = sql`
      select s.*, l.id as line_id, l.customer_id as left_customer, l.customer_id, false as new_customer, ${kind} as kind
      from ${this.stage.table} s
      join customers.line l on l.number = s.phone`;
    return sql`
      ${deciding(known)}
      union all
      select s.*, null, null, ${NEXT_CUSTOMER}, true, ${this.stage.has('line_kind') ? sql`coalesce(s.line_kind, 'main')` : sql`'main'`}, true
      from (select s.* from ${this.stage.table} s where not exists (select from customers.line l where l.number = s.phone) order by s.phone) s`;
  }

  /**
   * A customer number joins: to the customer of that number; else to the customer one of its lines has had without a number (it is adopted);
   * else to a new one. Rows without a number stay as they are.
   */
  private ownersByNumber(kind: Sql): Sql {
    return sql`
      with known as (
        select s.*, l.id as line_id, l.customer_id as left_customer, ${kind} as kind,
               case when s.customer_no is null then l.customer_id
                    else coalesce(numbered.id, min(nameless.id) over (partition by s.customer_no)) end as found
        from ${this.stage.table} s
        left join customers.line l on l.number = s.phone
        left join customers.customer numbered on numbered.customer_no = s.customer_no
        left join customers.customer nameless on nameless.id = l.customer_id and nameless.customer_no is null),
      made as materialized (
        select customer_no, ${NEXT_CUSTOMER} as customer_id
        from (select distinct customer_no from known where found is null and customer_no is not null) n)
      select k.*, coalesce(k.found, m.customer_id, ${NEXT_CUSTOMER}) as customer_id, k.found is null as new_customer
      from known k
      left join made m on k.found is null and m.customer_no = k.customer_no`;
  }

  private async insertCustomers(): Promise<void> {
    const targets = this.present(CUSTOMER);
    await this.tx.run(sql`
      insert into customers.customer (id, customer_no, birth_year, birth_calendar, birth_leap, org_unit_id, created_at, updated_at${names(targets)})
      overriding system value
      select s.customer_id, s.customer_no, nullif(substr(s.birthday, 1, 4), '0000')::smallint, ${CALENDAR}, ${LEAP},
             coalesce(u.org_unit_id, ${this.context.uploader.orgUnitId}::bigint), ${this.now}, ${this.now}${values(targets)}
      from import_owner s
      ${MANAGER}
      where s.new_customer and s.decides`);
  }

  private insertLines(): Promise<number> {
    const targets = this.present(LINE);
    return this.tx.run(sql`
      insert into customers.line (customer_id, number, created_at, updated_at${names(targets)})
      select s.customer_id, s.phone, ${this.now}, ${this.now}${values(targets)}
      from import_owner s
      where s.line_id is null`);
  }

  /** Who served a customer before the file gave them to somebody else: told like every other change of manager (CUS-2, CAR-3). */
  private async recordManagers(): Promise<void> {
    if (!this.stage.has('manager')) return;
    const { now: at, uploader } = this.context;
    await this.tx.run(sql`
      with moved as (
        select c.id, u.id as manager_id, c.manager_id as old_manager
        from import_owner s
        join staff.v_user u on lower(u.username) = lower(s.manager) and u.role = 'manager'
        join customers.customer c on c.id = s.customer_id
        where s.decides and not s.new_customer and c.manager_id is distinct from u.id
        order by c.id for update of c)
      insert into customers.profile_fact (customer_id, field, value, old_value, note, learned_by, learned_at)
      select id, 'manager', manager_id, old_manager, ${BY_FILE}, ${uploader.id}::bigint, ${at}::timestamptz from moved`);
  }

  /** @returns how many rows changed their line, or the facts of their customer */
  private async updateBoth(): Promise<number> {
    const { n } = await this.tx.one<{ n: number }>(sql`
      with changed_customer as (${this.customerUpdate()}), changed_line as (${this.lineUpdate()})
      select count(*)::int as n
      from import_owner s
      where s.line_id is not null
        and (s.line_id in (select id from changed_line) or (s.decides and s.customer_id in (select id from changed_customer)))`);
    return n;
  }

  private customerUpdate(): Sql {
    const changes = this.present(CUSTOMER).map((target) => change(target, 'c'));
    if (this.stage.has('customer_no')) changes.push({ column: 'customer_no', value: sql`coalesce(s.customer_no, c.customer_no)` });
    if (this.stage.has('birthday')) {
      const unlessTold = (column: string, value: Sql): Change => ({
        column,
        value: sql`case when s.birthday is null or c.birth_told then ${rawSql(`c.${column}`)} else ${value} end`,
      });
      changes.push(unlessTold('birth_year', sql`nullif(substr(s.birthday, 1, 4), '0000')::smallint`));
      changes.push(unlessTold('birth_calendar', CALENDAR), unlessTold('birth_leap', LEAP));
    }
    if (this.stage.has('manager')) changes.push({ column: 'org_unit_id', value: sql`coalesce(u.org_unit_id, c.org_unit_id)` });
    if (changes.length === 0) return sql`select null::bigint as id where false`;
    return sql`
      update customers.customer c set ${setList(changes)}, updated_at = ${this.now}
      from import_owner s
      ${MANAGER}
      where c.id = s.customer_id and not s.new_customer and s.decides and ${differs(changes, 'c')}
      returning c.id`;
  }

  private lineUpdate(): Sql {
    const changes = [...this.present(LINE).map((target) => change(target, 'l')), { column: 'customer_id', value: sql`s.customer_id` }];
    return sql`
      update customers.line l set ${setList(changes)}, updated_at = ${this.now}
      from import_owner s
      where l.id = s.line_id and ${differs(changes, 'l')}
      returning l.id`;
  }

  /** A customer is active while a line is: told for the customers of this file, and for those that lost a line to another number. */
  private async settleStatus(): Promise<void> {
    if (!this.stage.has('status') && !this.stage.has('customer_no')) return;
    await this.tx.run(sql`
      with told as (
        select c.id, case when bool_or(l.status = 'active') then 'active' when bool_or(l.status = 'suspended') then 'suspended' else 'churned' end as status
        from customers.customer c
        left join customers.line l on l.customer_id = c.id
        where c.id in (select customer_id from import_owner union select left_customer from import_owner where left_customer <> customer_id)
        group by c.id)
      update customers.customer c set status = t.status, updated_at = ${this.now}
      from told t where t.id = c.id and t.status <> c.status`);
    if (this.stage.has('status'))
      await this.tx.run(sql`insert into customers.status_feed (org_unit_id, told_at) values (${this.context.uploader.orgUnitId}, ${this.now})`);
  }

  private present(targets: readonly Target[]): Target[] {
    return targets.filter((target) => this.stage.has(target.from));
  }
}

const CALENDAR = rawSql(`case when s.birthday_calendar in ('lunar', 'lunar_leap') then 'lunar' else 'solar' end`);
const LEAP = rawSql(`coalesce(s.birthday_calendar = 'lunar_leap', false)`);
/** What the record of the customer says of a change of manager that came with a file. */
const BY_FILE = '随客户资料导入';
// looked up by name once a statement; pg_get_serial_sequence would ask the catalogue once a row
const NEXT_CUSTOMER = rawSql(`nextval('customers.customer_id_seq'::regclass)`);
/** From this many new rows on the next statement must not be planned on what was known before, and autovacuum comes too late. */
const STALE_AFTER = 10_000;
/** Of several lines of one customer the main card decides the customer's facts, else the last row. */
const deciding = (owners: Sql): Sql => sql`
  select k.*, row_number() over (partition by k.customer_id order by (k.kind = 'main') desc, k.row_number desc) = 1 as decides
  from (${owners}) k`;
const MANAGER = sql`left join staff.v_user u on lower(u.username) = lower(s.manager) and u.role = 'manager'`;

interface Change {
  column: string;
  value: Sql;
}

function change({ column, value, clears, told }: Target, table: string): Change {
  const stands = rawSql(`${table}.${column}`);
  if (told) return { column, value: sql`case when ${rawSql(`${table}.${told}`)} then ${stands} else coalesce(${value}, ${stands}) end` };
  return { column, value: clears ? value : sql`coalesce(${value}, ${stands})` };
}

const names = (targets: readonly Target[]): Sql => rawSql(targets.map((target) => `, ${target.column}`).join(''));
const values = (targets: readonly Target[]): Sql =>
  joinSql(
    targets.map(({ value, otherwise }) => sql`, ${otherwise ? sql`coalesce(${value}, ${otherwise})` : value}`),
    '',
  );
const setList = (changes: readonly Change[]): Sql => joinSql(changes.map(({ column, value }) => sql`${rawSql(column)} = ${value}`));

/** Rows that say nothing new are not rewritten: 2.9 times the time and a dead entry in every index otherwise. */
const differs = (changes: readonly Change[], table: string): Sql =>
  sql`(${joinSql(changes.map(({ column }) => rawSql(`${table}.${column}`)))}) is distinct from (${joinSql(changes.map(({ value }) => value))})`;
