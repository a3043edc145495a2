const FESTIVAL = '(?:春节|新春|除夕|大年|农历新年|国庆|十一佳节)';
/** A festival and a wish in the same clause; a notice of opening hours over the holidays has none. */
const WISHES = [
  new RegExp(`${FESTIVAL}[^，。！；,!;.]{0,8}(?:快乐|愉快|吉祥|大吉|如意|安康|幸福)`),
  new RegExp(`(?:祝|贺)[^，。！；,!;.]{0,6}${FESTIVAL}`),
  /拜年|恭贺新禧|恭喜发财|过年好/,
];

/** Whether a text wishes a happy Spring Festival or National Day. */
export const isCentralWish = (text: string): boolean => WISHES.some((wish) => wish.test(text));
