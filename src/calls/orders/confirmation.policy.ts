const YES: readonly string[] = ['Y', '是', '确认', '1'];
const NO: readonly string[] = ['N', '否'];

/** What a customer may answer when asked to confirm an order; case, width and punctuation do not matter. */
export const CONFIRM_WORDS: readonly string[] = [...YES, ...NO];

/** With a code, where one number has several orders to answer: `Y2`, `否2`. A `1` is a yes of its own and takes none. */
const CODED = /^(Y|是|确认|N|否)(\d{1,2})$/;
export const codedWords = (code: number): string[] => CONFIRM_WORDS.filter((word) => word !== '1').map((word) => `${word}${code}`);
/** What a question asks to be answered with; the first one asks for the plain letters. */
export const askedWords = (code: number): { yes: string; no: string } => (code === 1 ? { yes: 'Y', no: 'N' } : { yes: `Y${code}`, no: `N${code}` });
/** The code an answer names; null: none. */
export const codeOf = (word: string | null): number | null => {
  const code = CODED.exec(word ?? '')?.[2];
  return code === undefined ? null : Number(code);
};

export type Confirmation = 'waiting' | 'confirmed' | 'declined' | 'expired';

/** What an answer does to an order: a person looks at whatever is not plain. nothing: the customer said once more what stands already. */
export type ReplyDeed = 'confirm' | 'decline' | 'review' | 'nothing';

/**
 * @param word the word of {@link CONFIRM_WORDS} that the answer is, with or without a code; null: none of them
 * @param confirmation how the order stands; a word that comes after its end changes nothing by itself
 * @param meant how many orders of this customer the word may be about: one word cannot answer two
 */
export function judgeReply(word: string | null, confirmation: Confirmation | null, meant: number): ReplyDeed {
  const plain = CODED.exec(word ?? '')?.[1] ?? word;
  const said = plain === null ? null : YES.includes(plain) ? 'confirm' : NO.includes(plain) ? 'decline' : null;
  if (said === null) return 'review';
  if (confirmation === 'waiting') return meant === 1 ? said : 'review';
  if (confirmation === 'confirmed' && said === 'confirm') return 'nothing';
  if (confirmation === 'declined' && said === 'decline') return 'nothing';
  return 'review';
}

/** A question about what failed would have the customer confirm something that does not come. */
export const mayAsk = ({ state, confirmation }: { state: string; confirmation: Confirmation | null }): boolean =>
  state !== 'failed' && (confirmation === 'waiting' || confirmation === 'expired');
