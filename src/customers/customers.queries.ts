import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { decodeCursor, type Page, pageOf } from '../kernel/cursor.js';
import { dayOf } from '../kernel/day.js';
import { notFound } from '../kernel/errors.js';
import { LookUp } from '../platform/process/look-up.js';
import { honorificOf, surnameOf } from '../kernel/honorific.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { prepared, type Sql, sql, whereAll } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import { nextBirthday } from './profile/birthday.policy.js';
import type { AskedField, CallCard, CustomerCard, CustomerFacts, CustomerRow, ProfileFact } from './customers.types.js';
import { IdCardQueries } from './id-card/id-card.queries.js';
import { BEST_FIRST, birthdayOf, LinesQueries } from './lines/lines.queries.js';
import { readName } from './search/initials.policy.js';
import { readNumber } from './search/number-search.policy.js';
import { CustomerSettingsQueries } from './settings/customer-settings.queries.js';
import { asksOf } from './profile/profile.policy.js';

export interface CustomerSearch {
  /** Any spelling of a whole number, or its last four digits. */
  phone?: string | undefined;
  /** The beginning of the name, or of the initials of its pinyin: 陈志, czy, 陈zy. */
  name?: string | undefined;
  starLevel?: number | undefined;
  /** Username. */
  manager?: string | undefined;
  city?: string | undefined;
  district?: string | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
}

type FactsRow = Omit<CustomerFacts, 'birthday'> & Parameters<typeof birthdayOf>[0];

/** As customers.v_customer says: the one of the feed, else the one that goes with the star. */
const TIER = sql`coalesce(c.tier, (select t.tier from customers.star_tier t where t.star_level = c.star_level))`;

const FACTS = sql`
  select c.id, c.customer_no as "customerNo", c.name, c.gender, c.star_level as "starLevel", ${TIER} as tier,
         c.tier as "tierTold", c.class, c.province, c.city, c.district,
         c.birth_year as "birthYear", c.birth_month as "birthMonth", c.birth_day as "birthDay", c.birth_calendar as "birthCalendar",
         c.birth_leap as "birthLeap", c.joined_on as "joinedOn", c.status, c.sms_consent as "smsConsent", c.call_consent as "callConsent",
         case when u.id is not null
           then jsonb_build_object('id', u.id::text, 'username', u.username, 'name', u.name, 'agentNo', u.agent_no) end as manager,
         o.code as "orgUnit", c.created_at as "createdAt", c.erased_at as "erasedAt"
  from customers.customer c
  join staff.v_org_unit o on o.id = c.org_unit_id
  left join staff.v_user u on u.id = c.manager_id`;

const FACT = sql`f.field, f.line_id as "lineId", f.value, f.old_value as "oldValue", f.note, f.apologised, u.name as "learnedBy",
  f.learned_at as "learnedAt", f.attempt_id as "attemptId"
  from customers.profile_fact f left join staff.v_user u on u.id = f.learned_by`;

/** A manager sees the customers of her own list, everybody else those of their units (SYS-1). */
export const visibleTo = (user: CurrentUser): Sql => (user.role === 'manager' ? sql`c.manager_id = ${user.id}` : inScope(user, sql`o.path`));

/** {@link visibleTo} for a list: the units as values, so that the planner of the database knows how many customers they have. */
const withinReach = (user: CurrentUser): Sql =>
  user.role === 'manager'
    ? sql`c.manager_id = ${user.id}`
    : sql`c.org_unit_id = any(array(select o.id from staff.v_org_unit o where ${inScope(user, sql`o.path`)}))`;

/** The page after a row of a list by stars; the first condition is the one an index can begin at. */
const afterStar = ([star, id]: readonly unknown[]): Sql =>
  sql`c.star_level <= ${star}::int and (c.star_level < ${star}::int or c.id > ${id}::bigint)`;

const likePrefix = (text: string): string => `${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

function toFacts(row: FactsRow): CustomerFacts {
  const { birthday, rest } = birthdayOf(row);
  return { ...rest, birthday };
}

@Injectable()
export class CustomersQueries {
  // what desks that open in the same moment ask for
  private readonly factsById = new LookUp<CustomerFacts>(async (ids) => {
    const rows = await this.database.rows<FactsRow>(prepared(sql`${FACTS} where c.id = any(${ids}::bigint[])`));
    return new Map(rows.map((row) => [row.id, toFacts(row)]));
  });
  private readonly profileById = new LookUp<ProfileFact[]>((ids) => this.profilesOf(ids, this.database));

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly lines: LinesQueries,
    private readonly idCards: IdCardQueries,
    private readonly settings: CustomerSettingsQueries,
  ) {}

  /**
   * A customer with lines and profile; by the id of one who turned out to be another, that other.
   * @throws DomainError not_found, also for one outside the scope
   */
  async byId(user: CurrentUser, asked: string): Promise<CustomerCard> {
    const id = await this.standing(asked);
    const facts = await this.facts(user, id);
    const [lines, profile] = await Promise.all([this.lines.of(id), this.profile(id)]);
    return { ...facts, lines, profile, birthdayOn: facts.birthday && nextBirthday(facts.birthday, dayOf(this.clock.now())) };
  }

  /** The customer whom an id stands for by now: the one they turned out to be, else themselves. */
  async standing(id: string): Promise<string> {
    if (!/^\d{1,18}$/.test(id)) return id;
    return (await this.database.maybe<{ into: string }>(sql`select merged_into as into from customers.v_merged where id = ${id}`))?.into ?? id;
  }

  /** @throws DomainError not_found */
  async facts(user: CurrentUser, id: string, on: Queryable = this.database): Promise<CustomerFacts> {
    const row = /^\d{1,18}$/.test(id) && (await on.maybe<FactsRow>(prepared(sql`${FACTS} where c.id = ${id} and ${visibleTo(user)}`)));
    if (!row) throw notFound('customer', id);
    return toFacts(row);
  }

  /** The customer that owns a number, within the scope. @throws DomainError not_found, phone_invalid */
  async byNumber(user: CurrentUser, phone: string): Promise<CustomerFacts> {
    const { number } = readNumber(phone);
    const row =
      number &&
      (await this.database.maybe<FactsRow>(
        sql`${FACTS} join customers.line l on l.customer_id = c.id where l.number = ${number} and ${visibleTo(user)}`,
      ));
    if (!row) throw notFound('customer', phone);
    return toFacts(row);
  }

  /** The newest value of each profile field, of those of a line the newest of each line. */
  async profile(customerId: string, on: Queryable = this.database): Promise<ProfileFact[]> {
    if (on === this.database) return (await this.profileById.of(customerId)) ?? [];
    return (await this.profilesOf([customerId], on)).get(customerId) ?? [];
  }

  private async profilesOf(customerIds: readonly string[], on: Queryable): Promise<Map<string, ProfileFact[]>> {
    const rows = await on.rows<ProfileFact & { customerId: string }>(
      prepared(sql`
      select distinct on (f.customer_id, f.field, f.line_id) f.customer_id as "customerId", ${FACT}
      where f.customer_id = any(${customerIds}::bigint[]) order by f.customer_id, f.field, f.line_id, f.id desc`),
    );
    const profiles = new Map<string, ProfileFact[]>(customerIds.map((id) => [id, []]));
    for (const { customerId, ...fact } of rows) profiles.get(customerId)?.push(fact);
    return profiles;
  }

  /** All that was ever known of one field, of one line where it is a line's, newest first. No scope is asked: call {@link facts} before. */
  history(customerId: string, field: string, lineId: string | null = null): Promise<ProfileFact[]> {
    return this.database.rows<ProfileFact>(sql`
      select ${FACT} where f.customer_id = ${customerId} and f.field = ${field} and f.line_id is not distinct from ${lineId}::bigint order by f.id desc limit 100`);
  }

  /** Pages of the customers in scope: best stars first for a manager's list, newest first otherwise. @throws DomainError phone_invalid */
  async search(user: CurrentUser, search: CustomerSearch): Promise<Page<CustomerRow>> {
    const limit = search.limit ?? 50;
    const key = decodeCursor(search.cursor, 2);
    const after = key && (byStar(user, search) ? afterStar(key) : sql`c.id < ${key[1]}::bigint`);
    const rows = await this.database.rows<CustomerRow>(found(user, search, { after, limit: limit + 1 }));
    return pageOf(rows, limit, (last) => [last.starLevel, last.id]);
  }

  /** The same, all of them, for an export. @throws DomainError phone_invalid */
  async all(user: CurrentUser, search: CustomerSearch): Promise<{ count: number; rows: AsyncIterable<CustomerRow> }> {
    const matching = sql`select from ${among(search)} ${whereAll(matches(user, search))}`;
    return { count: await this.database.count(matching), rows: this.database.stream<CustomerRow>(found(user, search)) };
  }

  /** What a caller needs for one line. No scope is asked: the holder of the task may see it. @throws DomainError not_found */
  async cardForCall(customerId: string, lineId: string, on: Queryable = this.database): Promise<CallCard> {
    const [facts, line, profile, asksIdCard] = await Promise.all([
      this.factsOf(customerId, on),
      this.lines.one(customerId, lineId, on),
      this.profile(customerId, on),
      this.asksIdCard(customerId, on),
    ]);
    if (!facts || !line) throw notFound('customer', customerId);
    const today = dayOf(this.clock.now());
    const known = profile.filter((fact) => fact.value !== null && (fact.lineId === null || fact.lineId === lineId));
    return {
      ...facts,
      customerId,
      line,
      honorific: honorificOf(facts.name, facts.gender),
      surname: surnameOf(facts.name ?? ''),
      birthday: facts.birthday && { ...facts.birthday, nextOn: nextBirthday(facts.birthday, today) },
      profile: Object.fromEntries(known.map((fact) => [fact.field, fact.value ?? ''])),
      asks: [...asksOf(new Set(known.map((fact) => fact.field))), ...asksIdCard],
    };
  }

  private async factsOf(customerId: string, on: Queryable): Promise<CustomerFacts | undefined> {
    if (on === this.database) return this.factsById.of(customerId);
    const row = await on.maybe<FactsRow>(prepared(sql`${FACTS} where c.id = ${customerId}`));
    return row && toFacts(row);
  }

  /** Only where an administrator has switched it on, and none is known (CUS-2). */
  private async asksIdCard(customerId: string, on: Queryable): Promise<AskedField[]> {
    const { askIdCard } = await this.settings.current(on);
    return askIdCard && !(await this.idCards.isKnown(customerId, on)) ? [{ name: 'id_card', type: 'id_card' }] : [];
  }
}

const byStar = (user: CurrentUser, search: CustomerSearch): boolean => user.role === 'manager' || search.manager !== undefined;

const matches = (user: CurrentUser, search: CustomerSearch): (Sql | false | undefined)[] => [
  withinReach(user),
  sql`c.erased_at is null`,
  sql`c.merged_into is null`,
  ...nameIs(search.name),
  search.starLevel !== undefined && sql`c.star_level = ${search.starLevel}`,
  search.city !== undefined && sql`c.city = ${search.city}`,
  search.district !== undefined && sql`c.district = ${search.district}`,
  search.manager !== undefined && sql`c.manager_id = (select m.id from staff.v_user m where lower(m.username) = lower(${search.manager}))`,
];

function nameIs(name: string | undefined): (Sql | false)[] {
  if (name === undefined) return [];
  const { prefix, initials } = readName(name);
  return [prefix !== undefined && sql`c.name like ${likePrefix(prefix)}`, ...(initials === undefined ? [] : initialsAre(initials))];
}

/** The first two letters alone lead into an index that has the customers of two letters in the order of the page; one letter has them as its beginning. */
const initialsAre = (initials: string): Sql[] =>
  initials.length < 2
    ? [sql`left(c.name_initials, 2) like ${`${initials}%`}`]
    : [sql`left(c.name_initials, 2) = ${initials.slice(0, 2)}`, sql`c.name_initials like ${`${initials}%`}`];

/** The customers a search looks among: all, or the holders of a number, newest first as most pages want them. */
const among = ({ phone }: CustomerSearch): Sql =>
  phone === undefined
    ? sql`customers.customer c`
    : sql`(select distinct l.customer_id from customers.line l where ${numberIs(phone)} order by l.customer_id desc) l
          join customers.customer c on c.id = l.customer_id`;

/** The customers of a search, in order, each with the line it was found by or is best reached on. */
function found(user: CurrentUser, search: CustomerSearch, page?: { after: Sql | undefined; limit: number }): Sql {
  const number = search.phone === undefined ? undefined : numberIs(search.phone);
  const conditions = [...matches(user, search), page?.after];
  const order = byStar(user, search) ? sql`c.star_level desc, c.id` : sql`c.id desc`;
  return sql`
    select c.id, c.name, l.number, c.star_level as "starLevel", ${TIER} as tier, c.class, c.city, c.district, l.package, c.status,
           u.username as manager, u.name as "managerName"
    from (select c.* from ${among(search)} ${whereAll(conditions)} order by ${order} ${page ? sql`limit ${page.limit}` : sql``}) c
    left join staff.v_user u on u.id = c.manager_id
    left join lateral (select l.number, l.package from customers.line l where l.customer_id = c.id
                       order by ${number ? sql`${number} desc,` : sql``} ${BEST_FIRST} limit 1) l on true
    order by ${order}`;
}

const numberIs = (phone: string): Sql => {
  const { number, lastFour } = readNumber(phone);
  return number ? sql`l.number = ${number}` : sql`right(l.number, 4) = ${lastFour}`;
};
