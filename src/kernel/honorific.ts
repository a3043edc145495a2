/** How a customer is addressed in writing and on the telephone. */

/** Family names of two characters. */
export const COMPOUND = new Set(
  '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 宇文 长孙 轩辕 端木 百里 南宫 西门 独孤 呼延 闻人 澹台 申屠 太史 赫连 钟离 第五 公冶 宗政 濮阳 淳于 单于 万俟 鲜于 闾丘 仲孙 拓跋'.split(
    ' ',
  ),
);

/** The family name of a Chinese name: two characters for the compound ones (欧阳若曦 → 欧阳), else the first. */
export function surnameOf(name: string): string {
  const chars = [...name.trim()];
  const two = chars.slice(0, 2).join('');
  return chars.length > 2 && COMPOUND.has(two) ? two : (chars[0] ?? '');
}

/**
 * 陈志远, male → 陈先生. Without a known gender the name as it stands, without a name 尊敬的客户: never a hole.
 * Names that are not two to four Chinese characters (enterprises, foreigners) are taken whole.
 */
export function honorificOf(name: string | null | undefined, gender: 'male' | 'female' | null | undefined): string {
  const known = name?.trim();
  if (!known) return '尊敬的客户';
  const title = gender === 'male' ? '先生' : gender === 'female' ? '女士' : '';
  if (!title) return known;
  return (/^\p{Script=Han}{2,4}$/u.test(known) ? surnameOf(known) : known) + title;
}
