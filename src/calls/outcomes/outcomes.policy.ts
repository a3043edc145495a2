import { DomainError } from '../../kernel/errors.js';
import type { Kept, KeptOutcome, KeptReason, Outcome, OutcomeReason } from './outcomes.types.js';

type Given = Pick<Outcome, 'code' | 'labelZh' | 'labelEn' | 'key'> & Partial<Outcome>;

const NOT_CONNECTED: Partial<Outcome> = { connected: false, effective: false, visit: false, closesTask: false, redial: 'other_slot', tone: 'grey' };
const NOT_EFFECTIVE: Partial<Outcome> = { ...NOT_CONNECTED, connected: true };
const VISIT: Partial<Outcome> = { connected: true, effective: true, visit: true, closesTask: true, redial: 'never', tone: 'grey' };

const outcome = (flags: Partial<Outcome>, own: Given): Omit<Outcome, 'sort'> => ({
  connected: false,
  effective: false,
  visit: false,
  converted: false,
  closesTask: false,
  redial: 'other_slot',
  coolingOffDays: 0,
  opensTicket: false,
  blocksCalls: false,
  needsReason: false,
  lineHealth: null,
  tone: 'grey',
  ...flags,
  ...own,
});

/**
 * The outcomes a new system starts with, in the order of the call desk. Afterwards the table rules, and administrators change it: a row that exists is never overwritten.
 * Left hand: not connected, Q to F; right: effective, 1 to 9. `X` for the assistant, as G and H dial and hang up.
 */
export const DEFAULT_OUTCOMES: readonly Outcome[] = [
  outcome(VISIT, { code: 'converted', labelZh: '成交', labelEn: 'Sale', key: '1', converted: true, coolingOffDays: null, tone: 'ok' }),
  outcome(VISIT, { code: 'interested', labelZh: '有意向', labelEn: 'Interested', key: '2', needsReason: true, tone: 'info' }),
  outcome(VISIT, { code: 'reached', labelZh: '已触达', labelEn: 'Reached', key: '3', tone: 'ok' }),
  // a promise to call again is no visit, and never closes anything
  outcome(VISIT, {
    code: 'callback',
    labelZh: '约回拨',
    labelEn: 'Callback',
    key: '4',
    visit: false,
    closesTask: false,
    redial: 'callback',
    tone: 'info',
  }),
  outcome(VISIT, { code: 'refused', labelZh: '拒绝', labelEn: 'Refused', key: '5', needsReason: true, coolingOffDays: null }),
  outcome(VISIT, { code: 'already_has', labelZh: '已办理', labelEn: 'Has it', key: '6', needsReason: true }),
  // somebody else answered: the holder is tried at another time of day
  outcome(VISIT, {
    code: 'wrong_person',
    labelZh: '非本人',
    labelEn: 'Wrong party',
    key: '7',
    visit: false,
    closesTask: false,
    redial: 'other_slot',
    tone: 'warn',
  }),
  outcome(VISIT, { code: 'complaint', labelZh: '投诉', labelEn: 'Complaint', key: '8', opensTicket: true, tone: 'bad' }),
  outcome(VISIT, { code: 'do_not_call', labelZh: '勿再来电', labelEn: 'Do not call', key: '9', visit: false, blocksCalls: true, tone: 'bad' }),
  outcome(NOT_CONNECTED, { code: 'no_answer', labelZh: '无人接', labelEn: 'No answer', key: 'Q' }),
  outcome(NOT_CONNECTED, { code: 'busy', labelZh: '忙线', labelEn: 'Busy', key: 'W', redial: 'same_day' }),
  outcome(NOT_CONNECTED, { code: 'powered_off', labelZh: '关机', labelEn: 'Off', key: 'E' }),
  outcome(NOT_CONNECTED, { code: 'suspended', labelZh: '停机', labelEn: 'Suspended', key: 'R', redial: 'later', lineHealth: 'suspended' }),
  outcome(NOT_CONNECTED, {
    code: 'invalid_number',
    labelZh: '空号',
    labelEn: 'Void',
    key: 'A',
    redial: 'never',
    closesTask: true,
    lineHealth: 'invalid',
  }),
  outcome(NOT_EFFECTIVE, { code: 'cut_off', labelZh: '秒挂', labelEn: 'Cut off', key: 'S' }),
  outcome(NOT_CONNECTED, { code: 'rejected', labelZh: '拒接', labelEn: 'Rejected', key: 'D' }),
  outcome(NOT_CONNECTED, { code: 'out_of_area', labelZh: '无信号', labelEn: 'No signal', key: 'F' }),
  outcome(NOT_EFFECTIVE, { code: 'assistant', labelZh: '语音助手', labelEn: 'Assistant', key: 'X' }),
].map((row, i) => ({ ...row, sort: i + 1 }));

export const DEFAULT_REASONS: readonly OutcomeReason[] = [
  ['tariff', '资费', 'Tariff'],
  ['competitor', '竞争对手', 'Competitor'],
  ['contract', '合约未到期', 'Contract'],
  ['no_need', '没有需求', 'No need'],
  ['signal', '信号网络', 'Signal'],
  ['service', '服务不满', 'Service'],
  ['think_over', '要考虑商量', 'Thinks it over'],
  ['other', '其他', 'Other'],
].map(([code = '', labelZh = '', labelEn = ''], i) => ({ code, labelZh, labelEn, sort: i + 1 }));

/** Whether whoever began a call then has it before them: what is retired meanwhile stays with the call that is under way. */
export const wasOffered = ({ retiredAt }: Kept, then: Date): boolean => retiredAt === null || retiredAt > then;

/** When somebody had the outcomes before them that a call may end with: what is known of its start, the earliest. */
export const beganAt = (...starts: readonly (Date | null | undefined)[]): Date =>
  new Date(Math.min(...starts.flatMap((start) => (start ? [start.getTime()] : []))));

/** A call ends with what was offered when it began. @throws DomainError `outcome_retired` at the field `outcome` */
export function checkOffered(outcome: KeptOutcome, began: Date): void {
  if (!wasOffered(outcome, began))
    throw new DomainError('outcome_retired', { param: 'outcome', params: { outcome: `${outcome.labelZh} / ${outcome.labelEn}` } });
}

/** @throws DomainError `reason_retired` at the field */
export function checkReasonOffered(reason: KeptReason, began: Date, param = 'reason'): void {
  if (!wasOffered(reason, began)) throw new DomainError('reason_retired', { param, params: { reason: `${reason.labelZh} / ${reason.labelEn}` } });
}
