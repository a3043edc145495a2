/** Words that stop marketing, whatever a message declared as its expected replies. */
const STOP_WORDS = ['TD', '退订', '拒收', '取消订阅', '停止发送', '不要再发', '别再发', '别发了', 'STOP', 'UNSUBSCRIBE', 'QX'];
/** Single letters that stop marketing only where the message did not declare them as an answer. */
const STOP_LETTERS = ['T', 'R', 'N'];
/** Words that bring consent back, said by the customer. */
const CONSENT_WORDS = ['KT', '恢复', '重新订阅'];

export type OptOutMeaning = 'opt_out' | 'expected' | 'consent' | 'unclear';

const halfWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');

/** Full-width becomes half-width, case, spaces and punctuation go. */
const plain = (text: string): string =>
  halfWidth(text)
    .toUpperCase()
    .replace(/[\p{P}\p{S}\s]/gu, '');

/**
 * What a reply means. Stop words win over everything; then the replies the message declared; then the single stop
 * letters. A longer text that contains a Chinese stop word is an opt-out, unless it says the contrary; everything else
 * is unclear and goes to a person, never to a guess (GOV-2, R21).
 */
export function optOutMeaning(text: string, expected: readonly string[] = []): OptOutMeaning {
  const reply = plain(text);
  if (STOP_WORDS.includes(reply)) return 'opt_out';
  if (/(不要|不想|不用|没有?|别|不)(退订|拒收)/.test(reply)) return 'unclear';
  if (STOP_WORDS.some((word) => /[\u4e00-\u9fff]/.test(word) && reply.includes(word))) return 'opt_out';
  if (/^(回复?)?TD[0-9]{0,4}$/.test(reply)) return 'opt_out';
  if (expected.some((word) => plain(word) === reply && reply !== '')) return 'expected';
  if (STOP_LETTERS.includes(reply)) return 'opt_out';
  return CONSENT_WORDS.includes(reply) ? 'consent' : 'unclear';
}
