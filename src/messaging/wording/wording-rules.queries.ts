import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../../platform/database/database.js';
import { type Sql, sql } from '../../platform/database/sql.js';
import { MESSAGE_PURPOSES, type MessagePurpose } from '../messaging.types.js';

export interface OptOutRow {
  purpose: MessagePurpose;
  /** Empty: nothing is said. */
  text: string;
  by: string | null;
  at: Date | null;
}

export interface ForbiddenRow {
  id: string;
  word: string;
  /** None: all. */
  purposes: MessagePurpose[];
  note: string;
  by: string | null;
  at: Date;
}

/** What is said after each text of a purpose, and what none may hold. */
export interface WordingRules {
  optOut: string;
  forbidden: string[];
}

/** `forbidden` for a purpose given as SQL. */
export const forbiddenColumn = (purpose: Sql): Sql => sql`
  array(select w.word from messaging.forbidden_word w where w.removed_at is null and (w.purposes = '{}' or ${purpose} = any(w.purposes)) order by w.word) as forbidden`;

/** What is said after a text of that purpose; empty: nothing. */
export const optOutOf = (purpose: Sql): Sql => sql`
  coalesce((select o.text from messaging.opt_out_text o where o.purpose = ${purpose} order by o.id desc limit 1), '')`;

/** `"optOut"` and `forbidden`. */
export const ruleColumns = (purpose: Sql): Sql => sql`${optOutOf(purpose)} as "optOut", ${forbiddenColumn(purpose)}`;

@Injectable()
export class WordingRulesQueries {
  constructor(private readonly database: Database) {}

  of(purpose: string, on: Queryable = this.database): Promise<WordingRules> {
    return on.one<WordingRules>(sql`select ${ruleColumns(sql`${purpose}::text`)}`);
  }

  /** One a purpose, in their usual order. */
  async optOuts(on: Queryable = this.database): Promise<OptOutRow[]> {
    const rows = await on.rows<OptOutRow>(sql`
      select distinct on (o.purpose) o.purpose, o.text, u.name as by, o.set_at as at
      from messaging.opt_out_text o left join staff.v_user u on u.id = o.set_by order by o.purpose, o.id desc`);
    return MESSAGE_PURPOSES.map((purpose) => rows.find((row) => row.purpose === purpose) ?? { purpose, text: '', by: null, at: null });
  }

  words(on: Queryable = this.database): Promise<ForbiddenRow[]> {
    return on.rows<ForbiddenRow>(sql`
      select w.id, w.word, w.purposes, w.note, u.name as by, w.added_at as at
      from messaging.forbidden_word w left join staff.v_user u on u.id = w.added_by where w.removed_at is null order by length(w.word), w.word`);
  }
}
