import { type Sql, sql } from '../../../src/platform/database/sql.js';

/** A column as customers' systems write it: names, a good cell, a wrong one. */
export interface ColumnCase {
  en: string;
  /** The Chinese header; the English one where the interface names no other. */
  zh: string;
  required?: boolean;
  good: string;
  /** A cell that rejects its row; none for free text. */
  wrong?: string;
  /** What a workbook holds instead of text. */
  cell?: 'number' | 'date';
}

export interface FeedCase {
  feed: string;
  /** The column that tells one row from the next; its cells are `keys`. */
  key: string;
  /** Of the English file, the Chinese one in GBK, the workbook, and one to spare. */
  keys: readonly [string, string, string, string];
  columns: readonly ColumnCase[];
  /** Addition to the address. */
  query?: string;
  /** Rows whose number is nobody's, or is another city's, are rejected. */
  knownNumbers?: boolean;
  /** The feed only tells more of what is there: nothing is created. */
  onlyUpdates?: boolean;
  /** What stands in the books for a key, besides the key. */
  stored: (key: string) => Sql;
  expected: object;
}

const col = (en: string, zh: string, good: string, more: Partial<ColumnCase> = {}): ColumnCase => ({ en, zh, good, ...more });
const must = { required: true };
const PHONE = col('phone', '手机号码', '', { required: true, wrong: '1380013800', cell: 'number' });
const MONTH = col('month', '月份', '2026-10', { required: true, wrong: '2026-13' });

/** Four customers of m01; the fifth is the west's. */
export const PHONES = ['13600000001', '13600000002', '13600000003', '13600000004'] as const;
export const WEST_PHONE = '13600000009';
const lineOf = (phone: string): Sql => sql`select l.id from customers.line l where l.number = ${`+86${phone}`}`;

/** Every feed of the interface with every column of it, in its order. */
export const FEEDS: readonly FeedCase[] = [
  {
    feed: 'customers',
    key: 'phone',
    keys: ['13700000001', '13700000002', '13700000003', '13700000004'],
    columns: [
      PHONE,
      col('name', '姓名', '欧阳若曦'),
      col('gender', '性别', '女', { wrong: '不详' }),
      col('star_level', '星级', '5', { wrong: '8', cell: 'number' }),
      col('tier', '客户等级', '金', { wrong: '铂金' }),
      col('class', '客户类型', '个人', { wrong: '集团' }),
      col('province', '省份', '江南省'),
      col('city', '城市', '金陵市'),
      col('district', '区县', '鼓楼区'),
      col('package', '套餐', '5G 畅享 129 元'),
      col('arpu', 'ARPU', '130.5', { wrong: '约130', cell: 'number' }),
      col('customer_no', '客户编码', ''),
      col('line_kind', '号卡类型', '主卡', { wrong: '没有' }),
      col('contract_end', '合约到期', '2027-02-28', { wrong: '2027-02-30', cell: 'date' }),
      col('birthday', '生日', '2001-02-03', { wrong: '36925', cell: 'date' }),
      col('birthday_calendar', '历法', '公历', { wrong: '回历' }),
      col('joined_on', '入网日期', '2019/6/18', { wrong: '去年', cell: 'date' }),
      col('manager', '客户经理', 'm01', { wrong: 'nobody' }),
      col('status', '状态', '正常', { wrong: '未知' }),
      col('sms_consent', '营销短信同意', '是', { wrong: '也许' }),
      col('call_consent', '营销外呼同意', '0', { wrong: '也许', cell: 'number' }),
    ],
    stored: (phone) => sql`
      select c.name, c.gender, c.star_level, c.tier, c.class, c.province, c.city, c.district, l.package, l.arpu_fen, l.kind, l.contract_end, c.birth_year,
             c.birth_month, c.birth_day, c.birth_calendar, c.joined_on, u.username, c.status, c.sms_consent, c.call_consent
      from customers.line l join customers.customer c on c.id = l.customer_id join staff.app_user u on u.id = c.manager_id
      where l.number = ${`+86${phone}`}`,
    expected: {
      ...{ name: '欧阳若曦', gender: 'female', star_level: 5, tier: 'gold', class: 'individual', province: '江南省', city: '金陵市' },
      ...{ district: '鼓楼区', package: '5G 畅享 129 元', arpu_fen: 13_050, kind: 'main', contract_end: '2027-02-28', birth_year: 2001 },
      ...{ birth_month: 2, birth_day: 3, birth_calendar: 'solar', joined_on: '2019-06-18', username: 'm01', status: 'active' },
      ...{ sms_consent: true, call_consent: false },
    },
  },
  {
    feed: 'star-changes',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    columns: [
      PHONE,
      col('old_star', '原星级', '4', { ...must, wrong: '9', cell: 'number' }),
      col('new_star', '新星级', '5星', { ...must, wrong: '-1' }),
      col('changed_on', '变动日期', '2026-10-08', { ...must, wrong: '46303', cell: 'date' }),
    ],
    stored: (phone) => sql`select old_star, new_star, changed_on from customers.star_change where line_id = (${lineOf(phone)})`,
    expected: { old_star: 4, new_star: 5, changed_on: '2026-10-08' },
  },
  {
    feed: 'roaming',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    columns: [
      PHONE,
      MONTH,
      col('returned_on', '回国日期', '2026-10-20', { wrong: '2026-02-29', cell: 'date' }),
      col('destination', '目的地', '日本'),
      col('days', '天数', '5', { wrong: '400', cell: 'number' }),
      col('fee', '漫游费', '88.5', { wrong: '免费', cell: 'number' }),
    ],
    stored: (phone) => sql`select month, returned_on, destination, days, fee_fen from customers.roaming_use where line_id = (${lineOf(phone)})`,
    expected: { month: '2026-10-01', returned_on: '2026-10-20', destination: '日本', days: 5, fee_fen: 8850 },
  },
  {
    feed: 'usage',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    columns: [
      PHONE,
      MONTH,
      col('data_quota_mb', '套餐流量', '20480', { ...must, wrong: '20G', cell: 'number' }),
      col('data_used_mb', '已用流量', '21000', { ...must, wrong: '-1', cell: 'number' }),
      col('voice_quota_min', '套餐语音', '500', { wrong: '不限', cell: 'number' }),
      col('voice_used_min', '已用语音', '120', { wrong: '1.2E+10', cell: 'number' }),
      col('extra_fee', '套餐外费用', '3.5', { wrong: '三元', cell: 'number' }),
    ],
    stored: (phone) => sql`
      select month, data_quota_mb, data_used_mb, voice_quota_min, voice_used_min, extra_fee_fen from customers.package_use where line_id = (${lineOf(phone)})`,
    expected: {
      month: '2026-10-01',
      data_quota_mb: 20_480,
      data_used_mb: 21_000,
      voice_quota_min: 500,
      voice_used_min: 120,
      extra_fee_fen: 350,
    },
  },
  {
    feed: 'offers',
    key: 'code',
    keys: ['T1', 'T2', 'T3', 'T4'],
    columns: [
      col('code', '编码', '', { required: true, wrong: '' }),
      col('name', '名称', '5G 畅享 129 元', { ...must, wrong: '' }),
      col('kind', '类别', '套餐', { ...must, wrong: '宽带' }),
      col('price', '月费', '129', { ...must, wrong: '-1', cell: 'number' }),
      col('data_mb', '流量', '40960', { wrong: '40GB', cell: 'number' }),
      col('voice_min', '语音', '500', { wrong: '-5', cell: 'number' }),
      col('contract_months', '合约期', '24', { wrong: '两年', cell: 'number' }),
      col('excludes', '互斥', 'P2、P1', { wrong: 'x'.repeat(65) }),
      col('valid_until', 'valid_until', '2027-12-31', { wrong: '2027-11-31', cell: 'date' }),
    ],
    stored: (code) => sql`
      select name, kind, price_fen, data_mb, voice_min, contract_months, excludes, valid_until from offers.v_offer where code = ${code}`,
    expected: {
      ...{ name: '5G 畅享 129 元', kind: 'package', price_fen: 12_900, data_mb: 40_960, voice_min: 500, contract_months: 24 },
      ...{ excludes: ['P1', 'P2'], valid_until: '2027-12-31' },
    },
  },
  {
    feed: 'bills',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    columns: [PHONE, MONTH, col('amount', '金额', '129.00', { ...must, wrong: '1.5E+3', cell: 'number' }), col('items', 'items', '套餐 129')],
    stored: (phone) => sql`select month, amount_fen, items from customers.bill where line_id = (${lineOf(phone)})`,
    expected: { month: '2026-10-01', amount_fen: 12_900, items: '套餐 129' },
  },
  {
    feed: 'churn-scores',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    columns: [
      PHONE,
      col('score', 'score', '0.8725', { ...must, wrong: '87', cell: 'number' }),
      col('reasons', 'reasons', '合约将到期；上网慢'),
      col('scored_on', 'scored_on', '2026-11-20', { wrong: '2027-01-01', cell: 'date' }),
    ],
    stored: (phone) => sql`select score::float8 as score, reasons, scored_on from retention.v_churn_score where line_id = (${lineOf(phone)})`,
    expected: { score: 0.8725, reasons: '合约将到期；上网慢', scored_on: '2026-11-20' },
  },
  {
    feed: 'churn-intent',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    columns: [
      PHONE,
      col('source', '来源', '携转查询'),
      col('reason', '原因', '资费贵'),
      col('noted_on', '日期', '2026-11-20', { ...must, wrong: '2027-01-01', cell: 'date' }),
    ],
    stored: (phone) => sql`select source, reason, noted_on from retention.churn_intent where line_id = (${lineOf(phone)})`,
    expected: { source: '携转查询', reason: '资费贵', noted_on: '2026-11-20' },
  },
  {
    feed: 'call-records',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    columns: [
      { ...PHONE, zh: '被叫' },
      col('started_at', '开始时间', '2026-10-03 09:30:00', { ...must, wrong: '2027-10-03 09:30:00', cell: 'date' }),
      col('outcome', '结果', 'converted', { wrong: '满意' }),
      col('cause', '释放原因', '16'),
      col('talk_seconds', '通话时长', '95', { ...must, wrong: '-1', cell: 'number' }),
      col('campaign', 'campaign', 'autumn', { wrong: 'spring' }),
      col('manager', 'manager', 'm01', { wrong: 'm11' }),
      col('agent_no', '工号', '9m01'),
      col('answered_at', 'answered_at', '2026-10-03 09:30:10', { wrong: '9:30' }),
      col('ended_at', 'ended_at', '2026-10-03 09:31:45', { wrong: '2026-10-03 25:00:00' }),
      col('caller_number', '外显号码', '02510000'),
      col('recording_ref', '录音', 'rec-1'),
      col('converted', '成交', '是', { wrong: '也许' }),
      col('order_no', '订单号', ''),
      col('order_state', '订单状态', 'open', { wrong: '退单' }),
    ],
    stored: (phone) => sql`
      select a.started_at, a.outcome, a.cause, a.talk_seconds, a.caller_number, a.recording_ref, c.code, u.username, o.order_no, o.state
      from calls.attempt a join campaigns.campaign c on c.id = a.campaign_id join staff.app_user u on u.id = a.manager_id
      join calls.sales_order o on o.attempt_id = a.id where a.line_id = (${lineOf(phone)})`,
    expected: {
      ...{ started_at: new Date('2026-10-03T09:30:00+08:00'), outcome: 'converted', cause: '16', talk_seconds: 95, caller_number: '02510000' },
      ...{ recording_ref: 'rec-1', code: 'autumn', username: 'm01', order_no: expect.stringMatching(/^N/) as string, state: 'open' },
    },
  },
  {
    feed: 'orders',
    key: 'order_no',
    keys: PHONES.map((phone) => `N${phone}`) as [string, string, string, string],
    onlyUpdates: true,
    columns: [
      col('order_no', '订单号', '', { required: true, wrong: 'N0' }),
      col('state', '订单状态', 'success', { ...must, wrong: '退单' }),
      col('completed_on', '完成日期', '2026-10-09', { wrong: '2026-10-32', cell: 'date' }),
    ],
    stored: (order) => sql`select state, completed_on from calls.sales_order where order_no = ${order}`,
    expected: { state: 'succeeded', completed_on: '2026-10-09' },
  },
  {
    feed: 'dispatch',
    key: 'dispatch_no',
    keys: ['D-1', 'D-2', 'D-3', 'D-4'],
    knownNumbers: true,
    columns: [
      col('dispatch_no', '派单号', '', { required: true, wrong: '' }),
      { ...PHONE, good: PHONES[0] },
      col('campaign', 'campaign', 'autumn', { ...must, wrong: 'spring' }),
      col('deadline', '截止', '2026-12-10', { ...must, wrong: '尽快', cell: 'date' }),
      col('source', '来源系统', '省营销平台'),
      col('biz_type', '业务类型', '续约'),
      col('note', 'note', '合约月底到期'),
    ],
    stored: (dispatch) => sql`
      select c.code, d.deadline_on, d.source, d.biz_type, d.note, l.number from calls.dispatch d
      join campaigns.campaign c on c.id = d.campaign_id join customers.line l on l.id = d.line_id where d.dispatch_no = ${dispatch}`,
    expected: { code: 'autumn', deadline_on: '2026-12-10', source: '省营销平台', biz_type: '续约', note: '合约月底到期', number: `+86${PHONES[0]}` },
  },
  {
    feed: 'segment',
    key: 'phone',
    keys: PHONES,
    knownNumbers: true,
    query: '&segment=targets',
    columns: [PHONE, col('推荐套餐', '推荐套餐', '239 元'), col('月费', '月费', '239')],
    stored: (phone) => sql`
      select m.attributes from segments.v_member m join segments.v_segment s on s.id = m.segment_id
      where s.code = 'targets' and m.line_id = (${lineOf(phone)})`,
    expected: { attributes: { 推荐套餐: '239 元', 月费: '239' } },
  },
  {
    feed: 'blocks',
    key: 'phone',
    keys: ['13800000001', '13800000002', '13800000003', '13800000004'],
    columns: [
      PHONE,
      col('channel', '渠道', 'sms', { ...must, wrong: '传真' }),
      col('reason', '原因', '投诉', { ...must, wrong: '' }),
      col('until', '截止', '2026-12-31', { wrong: '46387', cell: 'date' }),
      col('source', '来源', '省平台'),
    ],
    stored: (phone) => sql`select channel, reason, until, source from contact.v_block where number = ${`+86${phone}`}`,
    expected: { channel: 'sms', reason: '投诉', until: new Date('2026-12-31T23:59:59.999+08:00'), source: '省平台' },
  },
];
