/**
 * What a status of SMGP 3.0.3 means. The numbers and their words are the standard's, as clz619/smgp3 (SmgpStatusEnum) and yedamao/go_smgp
 * (status.go) list them; from 101 on those of China Telecom's enterprise messenger.
 */

interface Meaning {
  words: string;
  /** `line`: of our account, our line or the gateway, and every message would meet it; `pace`: too quick; else of this message alone. */
  of: 'line' | 'pace' | 'message';
}

const of = (kind: Meaning['of'], list: Readonly<Record<number, string>>): [number, Meaning][] =>
  Object.entries(list).map(([status, words]) => [Number(status), { words, of: kind }]);

export const STATUS = { ok: 0, busy: 1, structure: 10, authentication: 21 } as const;

const MEANINGS = new Map<number, Meaning>([
  ...of('pace', { 1: '系统忙', 103: '提交过快', 104: '系统忙', 119: '虚拟号码超流控' }),
  ...of('line', {
    2: '超过最大连接数',
    11: '命令字错',
    12: '序列号重复',
    20: 'IP地址错',
    21: '认证错',
    22: '版本太高',
    32: '非法资费类型',
    33: '非法资费代码',
    40: '非法包月费或封顶费',
    43: '非法业务代码',
    46: '非法发送号码',
    48: '非法计费号码',
    49: '非法SP服务代码',
    59: '非法SP类型',
    69: '非法SP企业代码',
    70: '非法SP接入类型',
    72: '非法时间戳',
    73: '非法业务代码',
    74: 'SP禁止下发时段',
    75: 'SP发送超过日流量',
    76: 'SP账号过有效期',
    101: '无此账号或被禁用',
    102: '密码错',
    105: '非法发送号',
    110: 'IP错',
    114: '无发送权限',
    115: '没有免费短信',
    116: '黑名单企业',
    117: '企业被暂停提交',
  }),
  ...of('message', {
    10: '消息结构错',
    30: '非法消息类型',
    31: '非法优先级',
    34: '非法短消息格式',
    35: '非法时间格式',
    36: '非法短消息长度',
    37: '有效期已过',
    39: '路由错误',
    44: '非法有效期',
    45: '非法定时发送时间',
    47: '非法接收号码',
    58: '没有匹配路由',
    106: '敏感短信',
    107: '消息长度错',
    108: '手机号个数错',
    109: '错误手机号',
  }),
]);

/** The number with the standard's words, which are Chinese. */
export function statusText(status: number): string {
  const words = MEANINGS.get(status)?.words;
  return words === undefined ? String(status) : `${status} ${words}`;
}

/** What becomes of a message that was answered with `status`. A number nobody lists is taken for a refusal of this message. */
export function verdictOf(status: number): 'accepted' | 'slow_down' | 'not_sent' | 'rejected' {
  if (status === STATUS.ok) return 'accepted';
  const kind = MEANINGS.get(status)?.of;
  if (kind === 'pace') return 'slow_down';
  return kind === 'line' ? 'not_sent' : 'rejected';
}
