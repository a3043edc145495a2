import type { Dice } from './dice.js';

const SURNAMES =
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文';
const RARE_SURNAMES = ['欧阳', '司马', '诸葛', '上官'];
const MALE = '伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅志远国栋海涛建军文博子轩思源晓峰永康家豪天宇泽民景行';
const FEMALE = '芳娜敏静丽艳娟霞秀英慧玲燕红梅雪琳倩婷怡颖萍洁莉丹蕾薇欣悦佳怡思雨雅琴晓雯美玲婉清若兰诗涵梦瑶';

/** A plausible Chinese name for a gender. */
export function fullName(dice: Dice, gender: 'male' | 'female'): string {
  const surname = dice.chance(0.005) ? dice.pick(RARE_SURNAMES) : dice.pick([...SURNAMES]);
  const pool = [...(gender === 'male' ? MALE : FEMALE)];
  return surname + dice.pick(pool) + (dice.chance(0.72) ? dice.pick(pool) : '');
}

const TRADES = ['科技', '商贸', '物流', '餐饮', '建材', '医疗器械', '文化传媒'];

export const companyName = (dice: Dice, city: string): string =>
  `${city.replace('市', '')}${dice.pick(['恒信', '瑞丰', '华晨', '新程', '嘉禾', '明德'])}${dice.pick(TRADES)}有限公司`;
