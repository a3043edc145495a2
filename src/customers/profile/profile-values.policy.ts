import { formatPhone, maskPhone, parsePhone } from '../../kernel/phone.js';
import { WECOM_STATES } from '../customers.types.js';
import { birthdayWords, parseBirthdayWords } from './birthday.policy.js';

/** What a field holds. A hint stands under `customers.hint.<type>`, the sentence of a wrong value under `error.profile_<type>_invalid`. */
export type FieldType = 'text' | 'address' | 'email' | 'qq' | 'wechat' | 'wecom' | 'contacts' | 'birthday';

/** A value as it is stored, or null when it is none of its type. */
type Reader = (text: string) => string | null;

const matching =
  (pattern: RegExp, shape: (text: string) => string = (text) => text): Reader =>
  (text) =>
    pattern.test(text) ? shape(text) : null;

const LONGEST_TEXT = 200;
const MOST_CONTACTS = 3;

const shortText: Reader = (text) => (text.length <= LONGEST_TEXT ? text : null);

/** Letters first, 6 to 20 signs; or the number of a telephone or of QQ; or `phone`: the same as the line. */
const wechat: Reader = (text) => {
  if (/^(同手机号?|same|phone)$/i.test(text)) return 'phone';
  return /^[a-z][\w-]{5,19}$/i.test(text) || /^\d{5,11}$/.test(text) ? text : null;
};

/** 王芳 配偶 13800138001, several of them with a semicolon between; each has one number, and a number stands once (R26). */
const contacts: Reader = (text) => {
  const told = text.split(/[;；\n]+/).map((one) => one.trim());
  const read = told.filter((one) => one !== '').map(contact);
  if (read.includes(null)) return null;
  const once = new Map((read as string[]).map((one) => [numbersIn(one)[0], one] as const).reverse());
  const kept = [...once.values()].reverse();
  return kept.length === 0 || kept.length > MOST_CONTACTS ? null : kept.join('; ');
};

function contact(text: string): string | null {
  const match = /(?:\+?86[\s-]*)?(?:1\d{2}[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{7,8})(?!\d)/.exec(text);
  const phone = match && parsePhone(match[0]);
  if (!match || !phone || !('number' in phone)) return null;
  const words = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`.split(/[\s,，、()（）:：]+/).filter(Boolean);
  const name = words.join(' ');
  return /\d{5,}/.test(name) || name.length > 60 ? null : [name, phone.number].filter(Boolean).join(' ');
}

const birthday: Reader = (text) => {
  const told = parseBirthdayWords(text);
  return told && birthdayWords(told);
};

const READERS: Record<FieldType, Reader> = {
  text: shortText,
  address: (text) => (text.length >= 4 ? shortText(text) : null),
  email: matching(/^[^\s@,;]{1,64}@[^\s@,;.]+(\.[^\s@,;.]+)+$/, (text) => text.toLowerCase()),
  qq: matching(/^[1-9]\d{4,11}$/),
  wechat,
  wecom: (text) => WECOM_STATES.find((state) => state === text) ?? null,
  contacts,
  birthday,
};

/** The value as it is stored; null when it is none of its type. */
export const readValue = (type: FieldType, text: string): string | null => READERS[type](text.trim());

const E164 = /\+\d{8,15}/g;

/** The numbers of stored contacts, E.164. */
export const numbersIn = (text: string): string[] => text.match(E164) ?? [];

/** One stored contact: 王芳 配偶 +8613800138001 → who, and the number. */
export const contactsIn = (text: string): { who: string; number: string }[] =>
  text.split('; ').map((one) => ({ who: one.replace(E164, '').trim(), number: numbersIn(one)[0] ?? '' }));

/** A stored value for somebody to read: numbers in it masked unless they may be seen. */
export const shownValue = (text: string, whole: boolean): string => text.replace(E164, (number) => (whole ? dialled(number) : maskPhone(number)));

/** As people dial it: a fixed line with the zero of its area code. */
const dialled = (number: string): string => (/^\+86[2-9]/.test(number) ? `0${number.slice(3)}` : formatPhone(number));
