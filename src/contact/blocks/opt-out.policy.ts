import type { ReplyWords } from '../gate/gate.types.js';

/** Those of GOV-2, and the letter every marketing message offers: no list of words does without them. */
export const NEEDED_STOP_WORDS = ['TD', 'T', '退订', '拒收', 'R'] as const;

/** What a fresh system takes for an opt-out, and for the customer's word that it ends. */
export const DEFAULT_REPLY_WORDS: ReplyWords = {
  stop: [...NEEDED_STOP_WORDS, 'N', '取消订阅', '停止发送', '不要再发', '别再发', '别发了', 'STOP', 'UNSUBSCRIBE', 'QX'],
  resume: ['KT', '恢复', '重新订阅'],
};

export type OptOutMeaning = 'opt_out' | 'expected' | 'consent' | 'unclear';

const halfWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');

/** The words of replies as they are written in Hong Kong and Taiwan. */
const SIMPLIFIED: Readonly<Record<string, string>> = { 訂: '订', 閱: '阅', 發: '发', 別: '别', 復: '复', 覆: '复', 沒: '没' };

/**
 * Full-width becomes half-width, traditional simplified, case, spaces, punctuation and what nobody sees (joiners of width zero, control characters, looks
 * of emoji) go: words that look alike here are one.
 */
export const plain = (text: string): string =>
  halfWidth(text)
    .toUpperCase()
    .replace(/[\p{P}\p{S}\p{Cf}\p{Cc}\ufe00-\ufe0f\s]/gu, '')
    .replace(/[訂閱發別復覆沒]/g, (char) => SIMPLIFIED[char] ?? char);

const isLetter = (word: string): boolean => /^[A-Z0-9]$/.test(word);
const isChinese = (word: string): boolean => word.length > 1 && /[\u4e00-\u9fff]/.test(word);

/** Said once or more, alone, with the digits some put after it, or before words of another script: TD1, TDTD, TD谢谢. */
const BEGINS_WITH_TD = /^(回复?)?(TD)+\d{0,4}(?![\p{Script=Latin}\d])/u;
/** Whoever asks what TD is, or takes it back. */
const SECOND_THOUGHTS = /什么|啥|错|误|取消|撤|不是/;

/**
 * What a reply means. Stop words win over everything; then the replies the message declared; then the stop words of a single letter. A longer
 * text that contains a Chinese stop word is an opt-out, unless it says the contrary; everything else is unclear and goes to a person, never to a
 * guess (GOV-2, R21).
 * @param expected the replies the message asked for
 */
export function optOutMeaning(text: string, expected: readonly string[] = [], words: ReplyWords = DEFAULT_REPLY_WORDS): OptOutMeaning {
  const whole = plain(text);
  const stops = words.stop.map(plain);
  const letters = stops.filter(isLetter);
  // "拒收请回复R" is answered as it is read: 回复R
  const answer = whole.replace(/^回复?/, '');
  const reply = [...stops, ...expected.map(plain)].includes(answer) ? answer : whole;
  if (stops.includes(reply) && !letters.includes(reply)) return 'opt_out';
  if (/(不要|不想|不用|没有?|别|不)(退订|拒收)/.test(reply)) return 'unclear';
  if (stops.some((word) => isChinese(word) && reply.includes(word))) return 'opt_out';
  if (BEGINS_WITH_TD.test(reply) && !SECOND_THOUGHTS.test(reply)) return 'opt_out';
  if (expected.some((word) => plain(word) === reply && reply !== '')) return 'expected';
  if (letters.includes(reply)) return 'opt_out';
  return words.resume.some((word) => plain(word) === reply) ? 'consent' : 'unclear';
}
