import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { joinSql, rawSql, sql } from '../platform/database/sql.js';
import { StaffSets } from '../staff/staff-sets.commands.js';
import { USERNAME } from '../staff/staff.types.js';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type RowRule, type Stage } from '../feeds/feeds.types.js';

const ROLES = {
  ...{ manager: 'manager', planner: 'planner', supervisor: 'supervisor', judge: 'judge', client: 'client', admin: 'admin' },
  ...{
    客户经理: 'manager',
    营销策划: 'planner',
    策划: 'planner',
    规划: 'planner',
    班长: 'supervisor',
    主管: 'supervisor',
    质检: 'judge',
    质检员: 'judge',
    甲方: 'client',
    客户方: 'client',
    管理员: 'admin',
  },
} as const;

/** Left out of a file they change nothing. */
const OPTIONAL = [
  ['agent_no', 'text'],
  ['phone', 'text'],
  ['daily_capacity', 'integer'],
  ['active', 'boolean'],
] as const;

/**
 * Feed `users`, of administrators: the people of the house as the personnel system knows them (SYS-1, SYS-6). Who is new has no password: they come in by
 * single sign-on, or an administrator sets one. A file adds and changes; who is missing in it stays, who is switched off is named by `active`.
 */
@Injectable()
@DeclaresFeed()
export class UsersFeed implements Feed {
  readonly code = 'users';
  readonly extraColumns = 'report';
  readonly adminsOnly = true;
  readonly columns: readonly FeedColumn[] = [
    { name: 'username', synonyms: ['用户名', '登录名', '账号'], type: 'text', required: true, maxLength: 60 },
    { name: 'name', synonyms: ['姓名'], type: 'text', required: true, maxLength: 100 },
    { name: 'role', synonyms: ['岗位', '角色'], type: 'choice', required: true, choices: ROLES },
    { name: 'org_unit', synonyms: ['单位', '部门', '单位编码', 'orgUnit'], type: 'text', required: true, maxLength: 60 },
    { name: 'agent_no', synonyms: ['工号', '坐席工号', 'agentNo'], type: 'text', maxLength: 60 },
    { name: 'phone', synonyms: ['对外电话', '电话', '手机'], type: 'text', maxLength: 24 },
    { name: 'daily_capacity', synonyms: ['每天通数', '每日容量', '日呼叫量', 'dailyCapacity'], type: 'int', max: 1000 },
    { name: 'active', synonyms: ['启用', '在职'], type: 'bool' },
  ];
  readonly rules: readonly RowRule[] = [
    { columns: ['username'], check: ([username]) => (username && !USERNAME.test(username) ? 'username_malformed' : null) },
  ];

  constructor(private readonly staff: StaffSets) {}

  async merge(tx: Tx, stage: Stage, { uploader }: ImportContext): Promise<MergeResult> {
    await stage.replaced(
      sql`select s.row_number from ${stage.table} s where exists (select from ${stage.table} l where lower(l.username) = lower(s.username) and l.row_number > s.row_number)`,
    );
    const optional = joinSql(OPTIONAL.map(([name, type]) => rawSql(stage.has(name) ? `s.${name}` : `null::${type} as ${name}`)));
    const people = sql`select s.row_number, s.username, s.name, s.role, s.org_unit, ${optional} from ${stage.table} s`;
    for (const { column, reason, rows } of await this.staff.refused(tx, people, uploader)) await stage.reject(column, reason, rows);
    const { left } = await tx.one<{ left: number }>(sql`select count(*)::int as left from ${stage.table}`);
    const { created, updated } = await this.staff.merge(tx, people, uploader.id);
    return { created, updated, unchanged: left - created - updated };
  }
}
