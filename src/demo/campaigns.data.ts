import { type Day, daysBetween } from '../kernel/day.js';
import type { CallStyle } from './history.data.js';

export interface DemoCampaign {
  code: string;
  name: string;
  kind: string;
  state: 'running' | 'closed' | 'scheduled';
  goal: string;
  /** Days from today. */
  starts: number;
  ends: number;
  band?: [number, number];
  holdoutPercent: number;
  caller: string;
  family: string;
  segment: { code: string; name: string; columns: readonly string[] };
  /** Share of the customers (stars and consent permitting) that are in its segment. */
  share: number;
  stars: readonly number[];
  /** How far the list had been dialled by now, 0…1. */
  dialled: number;
  style: (today: Day) => CallStyle;
  script: object;
}

const OBJECTIONS = [
  { title: '太贵了', text: '您现在每月实际付 {{arpu|不少}} 元左右，换过去超出部分不再另收，我给您算一下合计。' },
  { title: '要和家人商量', text: '没问题，我把资料发您短信，您看哪天什么时间方便我再打过来？' },
  { title: '怎么证明你是客服', text: '您可以挂断后拨打 10000 号核实，我的工号是 {{agent.no}}。' },
];

const steady: CallStyle = { selling: true, connectFactor: () => 1.04 };

/** In its last week this campaign's calling number gets marked: fewer people answer, more reject. */
const sinking = (today: Day): CallStyle => ({
  selling: true,
  connectFactor: (day) => (daysBetween(day, today) <= 7 ? 0.56 : 0.82),
  misses: (day) => (daysBetween(day, today) <= 7 ? { rejected: 30, invalid_number: 9 } : { rejected: 15, invalid_number: 3 }),
});

export const CAMPAIGNS: readonly DemoCampaign[] = [
  {
    code: '5g-upgrade',
    name: '5G 升档季',
    kind: 'marketing',
    state: 'running',
    goal: '升档 300 单',
    starts: -24,
    ends: 20,
    band: [0.34, 0.46],
    holdoutPercent: 5,
    caller: '025-8400 1000',
    family: '5g-plan',
    segment: { code: '5g-upgrade', name: '5G 升档目标客户', columns: ['推荐套餐', '每月可省', '渠道'] },
    share: 0.42,
    stars: [2, 3, 4, 5, 6, 7],
    dialled: 0.72,
    style: sinking,
    script: {
      opening: '{{honorific}}，看到您在用 {{package}}，这个月有一档更合适的，占用您两分钟说一下可以吗？',
      branches: [
        {
          key: 'gold',
          title: '五星以上',
          stars: [5, 6, 7],
          text: '您是我们的 {{starLevel}} 星客户，换成 {{推荐套餐}} 每月大约少付 {{每月可省|一些}} 元，权益不变，次月 1 日生效。',
        },
        {
          key: 'standard',
          title: '其他客户',
          stars: [1, 2, 3, 4],
          text: '换成 {{推荐套餐}}，流量翻一倍，按您的用量每月大约少付 {{每月可省|一些}} 元，次月 1 日生效。',
        },
        { key: 'busy', title: '正忙', text: '打扰您了，您看今天傍晚还是明天上午方便？我按您说的时间打来。' },
      ],
      objections: OBJECTIONS,
    },
  },
  {
    code: 'broadband-renewal',
    name: '宽带续约',
    kind: 'marketing',
    state: 'running',
    goal: '合约到期客户续约率 60%',
    starts: -80,
    ends: 40,
    band: [0.33, 0.47],
    holdoutPercent: 0,
    caller: '025-8400 1010',
    family: 'broadband',
    segment: { code: 'broadband-renewal', name: '宽带三个月内到期', columns: ['宽带速率', '到期月份'] },
    share: 0.34,
    stars: [1, 2, 3, 4, 5, 6, 7],
    dialled: 0.86,
    style: () => steady,
    script: {
      opening: '{{honorific}}，您家的 {{宽带速率|}} 宽带 {{到期月份|近期}} 到期，提前续约不断网，还能提速。',
      branches: [{ key: 'renew', title: '续约', text: '续一年免费提到千兆，资费不变，合约期 12 个月。您看现在帮您办上吗？' }],
      objections: OBJECTIONS,
    },
  },
  {
    code: 'fee-care',
    name: '话费关怀 · 下月',
    kind: 'fee-care',
    state: 'scheduled',
    goal: '连续三个月超出套餐的客户全部讲清账单',
    starts: 8,
    ends: 38,
    holdoutPercent: 0,
    caller: '025-8400 1020',
    family: 'fee-care',
    segment: { code: 'fee-care', name: '连续三个月超套客户', columns: ['三个月平均超出'] },
    share: 0.06,
    stars: [3, 4, 5, 6, 7],
    dialled: 0,
    style: () => steady,
    script: {
      opening: '{{honorific}}，想跟您核对一下最近三个月的账单。',
      branches: [{ key: 'bill', title: '讲账单', text: '这三个月平均每月超出 {{三个月平均超出|一些}} 元，主要是流量。先看流量包，再看要不要换档。' }],
      objections: OBJECTIONS,
    },
  },
];

/** Care history runs in the standing campaigns of the rules: one visit a period and customer, with most periods kept. */
export const CARE_STYLE: CallStyle = { selling: false, connectFactor: () => 1.18 };

/** Months between two visits by star (CAR-1). */
export const VISIT_MONTHS: Record<number, number> = { 7: 1, 6: 2, 5: 3, 4: 5, 3: 5, 2: 5, 1: 5 };
