import { type Sql, sql } from '../../platform/database/sql.js';

/**
 * What a switch says about the end of a call → outcome, where nobody chose one. Numbers are causes of ITU-T Q.850; 16 and 31 are normal
 * clearing and say nothing by themselves.
 */
const RELEASE_CAUSES: Readonly<Record<string, string>> = {
  1: 'invalid_number',
  28: 'invalid_number',
  空号: 'invalid_number',
  17: 'busy',
  忙: 'busy',
  忙线: 'busy',
  用户忙: 'busy',
  18: 'no_answer',
  19: 'no_answer',
  无人接听: 'no_answer',
  无应答: 'no_answer',
  20: 'powered_off',
  关机: 'powered_off',
  21: 'rejected',
  拒接: 'rejected',
  22: 'suspended',
  停机: 'suspended',
  27: 'out_of_area',
  无法接通: 'out_of_area',
  不在服务区: 'out_of_area',
};

/** Causes that only say that the call ended in the normal way. */
const NORMAL_CAUSES: readonly string[] = ['16', '31', '正常', '正常释放'];
/** What a switch may have measured: it is chosen at the desk by itself, and stands where nobody chose. */
export const MEASURED_OUTCOMES: readonly string[] = [...new Set([...Object.values(RELEASE_CAUSES), 'no_answer', 'cut_off', 'reached'])];
/** Answered and dropped within this many seconds is a cut-off (CAM-6). */
const CUT_OFF_SECONDS = 5;

/**
 * The outcome that a record of the switch speaks for, where nobody chose one (R37): whoever talked was reached, or cut off; else the cause says it.
 * null when nobody talked and the cause is not known. @param talkSeconds answer to hang-up
 */
export const measuredOutcome = (talkSeconds: Sql, cause: Sql): Sql => sql`
  case when ${talkSeconds} > 0 then case when ${talkSeconds} <= ${CUT_OFF_SECONDS} then 'cut_off' else 'reached' end
       when ${cause} = any(${NORMAL_CAUSES}::text[]) then 'no_answer'
       else ${JSON.stringify(RELEASE_CAUSES)}::jsonb ->> ${cause} end`;
