import { addDays, addMonths, type Day, daysBetween } from '../kernel/day.js';
import { CAMPAIGNS, CARE_STYLE, type DemoCampaign, VISIT_MONTHS } from './campaigns.data.js';
import { type DemoCustomer, type DemoLine, type DemoManager, makeCustomer, makeLines, type TodayDates } from './customers.data.js';
import { Dice } from './dice.js';
import { type DemoCall, type DemoTarget, TaskHistory } from './history.data.js';
import { attributesOf } from './segments.data.js';

export const DEMO_CUSTOMERS = 5_000;
const HISTORY_DAYS = 182;
const SEED = 20_261_122;

export interface DemoMember {
  segment: string;
  customerId: number;
  lineId: number;
  attributes: Record<string, string>;
}

export interface DemoTask {
  campaign: string;
  customerId: number;
  lineId: number;
  managerId: string;
  star: number;
  source: string;
  calls: DemoCall[];
  createdDay: Day;
  dueOn: Day;
}

export interface DemoUse {
  customer_id: number;
  line_id: number;
  month: Day;
  destination: string;
  days: number;
  fee_fen: number;
  returned_on: Day;
}

/** Everything of the demo province, made in memory from one seed and one day: the same day gives the same figures. */
export interface DemoWorld {
  customers: DemoCustomer[];
  lines: DemoLine[];
  members: DemoMember[];
  excluded: { campaign: string; customerId: number; lineId: number; reason: string }[];
  tasks: DemoTask[];
  visits: DemoTask[];
  starChanges: { customer_id: number; line_id: number; old_star: number; new_star: number; changed_on: Day }[];
  roaming: DemoUse[];
}

export interface WorldInput {
  now: Date;
  dates: TodayDates;
  managers: readonly DemoManager[];
  workingDays: readonly Day[];
}

const ABROAD = ['日本', '泰国', '新加坡', '中国香港', '韩国', '马来西亚', '法国'];

export function makeWorld({ now, dates, managers, workingDays }: WorldInput): DemoWorld {
  const dice = new Dice(SEED);
  const { today } = dates;
  const world: DemoWorld = { customers: [], lines: [], members: [], excluded: [], tasks: [], visits: [], starChanges: [], roaming: [] };
  const mainLine = new Map<number, DemoLine>();
  for (let id = 1; id <= DEMO_CUSTOMERS; id++) {
    const customer = makeCustomer(dice, id, managers[id % managers.length] as DemoManager, dates);
    const lines = makeLines(dice, customer, world.lines.length + 1, today);
    world.customers.push(customer);
    world.lines.push(...lines);
    mainLine.set(id, lines[0] as DemoLine);
  }
  const history = new TaskHistory(dice, now, workingDays);
  const line = (customer: DemoCustomer): DemoLine => mainLine.get(customer.id) as DemoLine;
  for (const campaign of CAMPAIGNS)
    for (const customer of world.customers) join(world, { dice, history, campaign, customer, line: line(customer), today, workingDays });
  for (const customer of world.customers) {
    world.visits.push(...pastVisits({ dice, history, customer, line: line(customer), today, workingDays }));
    change(world, { dice, customer, line: line(customer), today });
    roam(world, { dice, customer, line: line(customer), today });
  }
  return world;
}

type One = Pick<Joining, 'dice' | 'customer' | 'line' | 'today'>;

interface Joining {
  dice: Dice;
  history: TaskHistory;
  campaign: DemoCampaign;
  customer: DemoCustomer;
  line: DemoLine;
  today: Day;
  workingDays: readonly Day[];
}

/** A customer of the campaign's segment is excluded for a reason, or has a task: dialled already, or waiting. */
function join(world: DemoWorld, { dice, history, campaign, customer, line, today, workingDays }: Joining): void {
  if (!campaign.stars.includes(customer.star_level) || !dice.chance(campaign.share)) return;
  world.members.push({
    segment: campaign.segment.code,
    customerId: customer.id,
    lineId: line.id,
    attributes: attributesOf(dice, campaign.segment.code, today),
  });
  if (campaign.state === 'scheduled') return;
  const reason = exclusion(dice, campaign, customer);
  if (reason) {
    world.excluded.push({ campaign: campaign.code, customerId: customer.id, lineId: line.id, reason });
    return;
  }
  const start = addDays(today, campaign.starts);
  const days = workingDays.filter((day) => day >= start && day < today);
  const dialled = dice.chance(campaign.dialled);
  const day = dialled ? dice.pick(days) : today;
  // some of the waiting ones were reached on the last working day and asked for a call today
  const promise = (target: DemoTarget): DemoCall[] =>
    dice.chance(0.1) ? history.promised({ ...target, day: days[days.length - 1] ?? target.day }, campaign.style(today)) : [];
  const source = world.members[world.members.length - 1]?.attributes['渠道'] ?? campaign.segment.name;
  const target: DemoTarget = {
    campaign: campaign.code,
    customerId: customer.id,
    lineId: line.id,
    managerId: customer.manager_id,
    star: customer.star_level,
    source,
    day,
    topics: [],
  };
  const calls = dialled ? history.calls(target, campaign.style(today)) : promise(target);
  world.tasks.push({ ...target, calls, createdDay: start, dueOn: dialled ? day : waitingDay(dice, workingDays, today) });
}

/** What is not dialled yet is due over the coming week. */
function waitingDay(dice: Dice, workingDays: readonly Day[], today: Day): Day {
  const coming = workingDays.filter((day) => day >= today).slice(0, 6);
  return dice.chance(0.35) ? today : dice.pick(coming);
}

function exclusion(dice: Dice, campaign: DemoCampaign, customer: DemoCustomer): string | undefined {
  if (customer.status !== 'active') return 'inactive';
  if (customer.call_consent !== true) return 'no_consent';
  if (dice.chance(campaign.holdoutPercent / 100)) return 'hold_out';
  return dice.chance(0.01) ? 'cooling_off' : undefined;
}

/** Star revisits of the last half year: one a period, most of them reached. The newest period is left for the plan. */
function pastVisits({ dice, history, customer, line, today, workingDays }: Omit<Joining, 'campaign'>): DemoTask[] {
  const months = VISIT_MONTHS[customer.star_level];
  if (!months || customer.status !== 'active') return [];
  const tasks: DemoTask[] = [];
  const first = addDays(today, -HISTORY_DAYS);
  for (let back = months; back <= 6; back += months) {
    const from = addMonths(today, -back);
    const day = workingDays.find((d) => d >= addDays(from, dice.between(0, Math.min(20, months * 20))));
    if (!day || day <= first || daysBetween(day, today) < 12 || dice.chance(0.1)) continue;
    const target: DemoTarget = {
      campaign: 'star-revisit',
      customerId: customer.id,
      lineId: line.id,
      managerId: customer.manager_id,
      star: customer.star_level,
      source: '',
      day,
      topics: ['star-revisit'],
    };
    tasks.push({ ...target, calls: history.calls(target, CARE_STYLE), createdDay: day, dueOn: day });
  }
  return tasks;
}

function change(world: DemoWorld, { dice, customer, line, today }: One): void {
  if (customer.star_level === 0 || !dice.chance(0.02)) return;
  const oldStar = dice.chance(0.8) ? customer.star_level - 1 : Math.min(7, customer.star_level + 1);
  if (oldStar === customer.star_level) return;
  const changed_on = addDays(today, -dice.between(1, 60));
  world.starChanges.push({ customer_id: customer.id, line_id: line.id, old_star: oldStar, new_star: customer.star_level, changed_on });
}

/** Who came home from abroad last month gets a call about the fees. */
function roam(world: DemoWorld, { dice, customer, line, today }: One): void {
  if (!dice.chance(0.03 + customer.star_level * 0.008)) return;
  const month = `${addMonths(today, -1).slice(0, 7)}-01`;
  const days = dice.between(2, 14);
  world.roaming.push({
    customer_id: customer.id,
    line_id: line.id,
    month,
    destination: dice.pick(ABROAD),
    days,
    fee_fen: days * dice.between(1_500, 4_500),
    returned_on: addDays(month, dice.between(10, 27)),
  });
}
