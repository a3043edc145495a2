import type { Dice } from './dice.js';
import { PACKAGES } from './province.js';

/** Values of a segment's own columns for one customer, as a planner's file would hold them. */
export function attributesOf(dice: Dice, segment: string, today: string): Record<string, string> {
  if (segment === '5g-upgrade') {
    const values = {
      推荐套餐: dice.pick(PACKAGES.slice(0, 4)).name,
      每月可省: (dice.between(30, 480) / 10).toFixed(2),
      渠道: dice.pick(['掌厅', '营业厅', '省分析']),
    };
    return values;
  }
  if (segment === 'broadband-renewal')
    return { 宽带速率: dice.pick(['200M', '300M', '500M']), 到期月份: `${((Number(today.slice(5, 7)) + dice.between(0, 2)) % 12) + 1}月` };
  return { 三个月平均超出: (dice.between(80, 900) / 10).toFixed(2) };
}
