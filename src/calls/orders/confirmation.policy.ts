const YES: readonly string[] = ['Y', '是', '确认', '1'];
const NO: readonly string[] = ['N', '否'];

/** What a customer may answer when asked to confirm an order; case, width and punctuation do not matter. */
export const CONFIRM_WORDS: readonly string[] = [...YES, ...NO];

export type Confirmation = 'waiting' | 'confirmed' | 'declined' | 'expired';

/** What an answer does to an order: a person looks at whatever is not plain. nothing: the customer said once more what stands already. */
export type ReplyDeed = 'confirm' | 'decline' | 'review' | 'nothing';

/**
 * @param word the word of {@link CONFIRM_WORDS} that the answer is, null: none of them
 * @param confirmation how the order stands; a word that comes after its end changes nothing by itself
 * @param meant how many orders of this customer wait: one word cannot answer two
 */
export function judgeReply(word: string | null, confirmation: Confirmation | null, meant: number): ReplyDeed {
  const said = word === null ? null : YES.includes(word) ? 'confirm' : NO.includes(word) ? 'decline' : null;
  if (said === null) return 'review';
  if (confirmation === 'waiting') return meant === 1 ? said : 'review';
  if (confirmation === 'confirmed' && said === 'confirm') return 'nothing';
  if (confirmation === 'declined' && said === 'decline') return 'nothing';
  return 'review';
}
