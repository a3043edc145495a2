import { Injectable } from '@nestjs/common';
import { DeclaresFeed, type Feed, type FeedColumn, type ImportContext, type MergeResult, type RowRule, type Stage } from '../feeds/feeds.types.js';
import type { Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { Events } from '../platform/jobs/events.js';
import { CustomersChanged, CustomersMerged } from './customers.events.js';
import { birthdayExists } from './profile/birthday.policy.js';
import { CustomersMerge } from './customers-merge.js';
import { initialsOf } from './search/initials.policy.js';

const STATUS = { 正常: 'active', 停机: 'suspended', 离网: 'churned', 在网: 'active', 销户: 'churned' };
const CLASS = { 个人: 'individual', 家庭: 'household', 政企: 'enterprise' };
const TIER = {
  钻石: 'diamond',
  金: 'gold',
  银: 'silver',
  会员: 'member',
  普通: 'ordinary',
  钻石卡: 'diamond',
  金卡: 'gold',
  银卡: 'silver',
  会员卡: 'member',
  普通卡: 'ordinary',
  // grades of enterprises and key persons, treated as the tiers of people (CUS-1)
  '5A': 'diamond',
  '4A': 'diamond',
  '3A': 'gold',
  '2A': 'gold',
  '1A': 'silver',
  '1B': 'silver',
  关键人: 'silver',
};
/** A birthday in a leap month says so in its calendar. */
const CALENDAR = { 公历: 'solar', 农历: 'lunar', 阳历: 'solar', 阴历: 'lunar', 农历闰月: 'lunar_leap', 闰月: 'lunar_leap' };
const LINE_KIND = {
  主卡: 'main',
  副卡: 'secondary',
  第二卡: 'extra',
  第三卡: 'extra',
  二卡: 'extra',
  三卡: 'extra',
  宽带: 'broadband',
  其他: 'other',
};

export const CUSTOMER_COLUMNS: readonly FeedColumn[] = [
  { name: 'phone', synonyms: ['手机号码', '手机号', '号码', '用户号码'], type: 'phone', required: true },
  { name: 'name', synonyms: ['姓名', '客户姓名', '客户名称'], type: 'text', maxLength: 100 },
  { name: 'gender', synonyms: ['性别'], type: 'choice', choices: { 男: 'male', 女: 'female', M: 'male', F: 'female' } },
  { name: 'star_level', synonyms: ['星级', '客户星级'], type: 'star' },
  { name: 'tier', synonyms: ['客户等级', '等级'], type: 'choice', choices: TIER },
  { name: 'class', synonyms: ['客户类型', '客户类别'], type: 'choice', choices: CLASS },
  { name: 'province', synonyms: ['省份', '省'], type: 'text', maxLength: 60 },
  { name: 'city', synonyms: ['城市', '地市'], type: 'text', maxLength: 60 },
  { name: 'district', synonyms: ['区县', '区'], type: 'text', maxLength: 60 },
  { name: 'package', synonyms: ['套餐', '套餐名称'], type: 'text', maxLength: 120 },
  { name: 'arpu', synonyms: ['ARPU值', '月均消费'], type: 'fen' },
  { name: 'customer_no', synonyms: ['客户编码', '客户编号'], type: 'text', maxLength: 64 },
  { name: 'line_kind', synonyms: ['号卡类型', '卡类型'], type: 'choice', choices: LINE_KIND },
  { name: 'contract_end', synonyms: ['合约到期', '合约到期日'], type: 'day' },
  { name: 'birthday', synonyms: ['生日', '出生日期'], type: 'birthday' },
  { name: 'birthday_calendar', synonyms: ['历法'], type: 'choice', choices: CALENDAR },
  { name: 'joined_on', synonyms: ['入网日期', '入网时间'], type: 'day', withTime: true },
  { name: 'manager', synonyms: ['客户经理'], type: 'text', maxLength: 60 },
  { name: 'status', synonyms: ['状态', '用户状态'], type: 'choice', choices: STATUS },
  { name: 'sms_consent', synonyms: ['营销短信同意'], type: 'bool' },
  { name: 'call_consent', synonyms: ['营销外呼同意'], type: 'bool' },
  { name: 'hotline_blacklist', synonyms: ['热线黑名单', '客服黑名单'], type: 'bool' },
];

/** A birthday must exist in the calendar it is told in; without one it is solar. */
const birthdayIsReal: RowRule = {
  columns: ['birthday', 'birthday_calendar'],
  check: ([birthday, calendar]) => {
    if (!birthday) return null;
    const [year = 0, month = 0, day = 0] = birthday.split('-').map(Number);
    const told = calendar?.startsWith('lunar') ? ('lunar' as const) : ('solar' as const);
    return birthdayExists({ year: year || null, month, day, calendar: told, leap: calendar === 'lunar_leap' }) ? null : 'birthday_missing';
  },
};

/** Feed `customers`: one row a line; lines of one customer number are one customer (CUS-1). */
@Injectable()
@DeclaresFeed()
export class CustomersFeed implements Feed {
  readonly code = 'customers';
  readonly columns = CUSTOMER_COLUMNS;
  readonly extraColumns = 'report';
  readonly rules = [birthdayIsReal];
  readonly derived = [{ name: 'name_initials', from: 'name', value: initialsOf }];

  constructor(private readonly events: Events) {}

  async merge(tx: Tx, stage: Stage, context: ImportContext): Promise<MergeResult> {
    await stage.reject(
      'manager',
      'manager_unknown',
      sql`select s.row_number from ${stage.table} s
          where s.manager is not null and not exists (
            select from staff.v_user u
            where lower(u.username) = lower(s.manager) and u.role = 'manager' and starts_with(u.org_path, ${context.uploader.orgPath}))`,
    );
    await stage.reject(
      'phone',
      'out_of_scope',
      sql`select s.row_number from ${stage.table} s
          join customers.line l on l.number = s.phone
          join customers.customer c on c.id = l.customer_id
          join staff.v_org_unit o on o.id = c.org_unit_id
          where not starts_with(o.path, ${context.uploader.orgPath})`,
    );
    if (stage.has('customer_no')) {
      await stage.reject(
        'customer_no',
        'out_of_scope',
        sql`select s.row_number from ${stage.table} s
            join customers.customer c on c.customer_no = s.customer_no
            join staff.v_org_unit o on o.id = c.org_unit_id
            where not starts_with(o.path, ${context.uploader.orgPath})`,
      );
    }
    await stage.keepLast('phone');
    const merge = new CustomersMerge(tx, stage, context);
    const result = await merge.run();
    if (merge.merged > 0) await this.events.publish(tx, CustomersMerged, { importId: context.importId });
    if (result.updated > 0) await this.events.publish(tx, CustomersChanged, { customerId: null });
    return result;
  }
}
