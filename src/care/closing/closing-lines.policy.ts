import { isDay } from '../../kernel/day.js';
import type { ClosingKind } from './closing-lines.types.js';

/** Whose value names the festival or the solar term. */
const NAMED: readonly ClosingKind[] = ['festival', 'solar_term'];
/** Greetings of Spring Festival and National Day are the province's (GOV-6). */
const CENTRAL_NAMES: readonly string[] = ['春节', '除夕', '国庆节', '国庆'];
const CENTRAL_ENGLISH = /Spring Festival|Chinese New Year|Lunar New Year|National Day/i;

export interface LineFault {
  param: 'value' | 'zh' | 'en';
  code: 'closing_day' | 'closing_name' | 'closing_no_value' | 'closing_central';
}

/** What is wrong with a closing line (CAR-5, GOV-6); null when nothing is. @param isCentralWish the gate's word on a Chinese text */
export function faultOf(
  line: { kind: ClosingKind; value: string; zh: string; en: string },
  isCentralWish: (text: string) => boolean,
): LineFault | null {
  if (line.kind === 'day' && !isDay(line.value)) return { param: 'value', code: 'closing_day' };
  if (NAMED.includes(line.kind) && line.value === '') return { param: 'value', code: 'closing_name' };
  if (line.kind !== 'day' && !NAMED.includes(line.kind) && line.value !== '') return { param: 'value', code: 'closing_no_value' };
  if (CENTRAL_NAMES.includes(line.value)) return { param: 'value', code: 'closing_central' };
  if (isCentralWish(line.zh)) return { param: 'zh', code: 'closing_central' };
  return CENTRAL_ENGLISH.test(line.en) ? { param: 'en', code: 'closing_central' } : null;
}
