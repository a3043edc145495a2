import { addDays, type Day } from '../kernel/day.js';
import type { Dice } from './dice.js';
import { companyName, fullName } from './names.js';
import { DISTRICTS, PACKAGES } from './province.js';

export interface DemoManager {
  id: string;
  unit: string;
  unitId: string;
}

export interface DemoCustomer {
  id: number;
  customer_no: string;
  name: string;
  gender: 'male' | 'female' | null;
  star_level: number;
  tier: string;
  class: string;
  province: string;
  city: string;
  district: string;
  birth_year: number | null;
  birth_month: number | null;
  birth_day: number | null;
  birth_calendar: 'solar' | 'lunar';
  birth_leap: boolean;
  joined_on: Day;
  status: string;
  sms_consent: boolean | null;
  call_consent: boolean | null;
  manager_id: string;
  org_unit_id: string;
}

export interface DemoLine {
  id: number;
  customer_id: number;
  number: string;
  kind: 'main' | 'secondary' | 'other';
  package: string;
  arpu_fen: number;
  contract_end: Day | null;
  status: string;
  health: string;
}

export interface TodayDates {
  today: Day;
  lunarMonth: number;
  lunarDay: number;
}

const STARS = { 7: 1, 6: 3, 5: 8, 4: 13, 3: 20, 2: 20, 1: 20, 0: 15 };
const TIERS = ['ordinary', 'ordinary', 'ordinary', 'member', 'silver', 'gold', 'diamond', 'diamond'];
const PREFIXES = ['133', '149', '153', '173', '177', '180', '181', '189', '191', '193', '199'];

/** Every number once: a walk through eight digits with a step that has no common divisor with their count. */
const numberOf = (dice: Dice, index: number): string =>
  `+86${dice.pick(PREFIXES)}${String((index * 7_654_321 + 20_611_117) % 100_000_000).padStart(8, '0')}`;

const consent = (dice: Dice): boolean | null => ({ yes: true, no: false, unknown: null })[dice.weighted({ yes: 88, no: 5, unknown: 7 })];

function birthday(dice: Dice, index: number, dates: TodayDates): Pick<DemoCustomer, 'birth_year' | 'birth_month' | 'birth_day' | 'birth_calendar'> {
  const year = dice.chance(0.85) ? dice.between(1948, 2005) : null;
  // a few wishes are due on the very first day, solar and lunar
  if (index % 170 === 3)
    return { birth_year: year, birth_month: Number(dates.today.slice(5, 7)), birth_day: Number(dates.today.slice(8)), birth_calendar: 'solar' };
  if (index % 340 === 7) return { birth_year: year, birth_month: dates.lunarMonth, birth_day: dates.lunarDay, birth_calendar: 'lunar' };
  if (dice.chance(0.08)) return { birth_year: null, birth_month: null, birth_day: null, birth_calendar: 'solar' };
  if (dice.chance(0.3)) return { birth_year: year, birth_month: dice.between(1, 12), birth_day: dice.between(1, 30), birth_calendar: 'lunar' };
  const day = addDays('2024-01-01', dice.between(0, 365)); // a leap year: 29 February occurs
  return {
    birth_year: day.endsWith('02-29') ? 1984 : year,
    birth_month: Number(day.slice(5, 7)),
    birth_day: Number(day.slice(8)),
    birth_calendar: 'solar',
  };
}

export function makeCustomer(dice: Dice, id: number, manager: DemoManager, dates: TodayDates): DemoCustomer {
  const place = DISTRICTS[manager.unit];
  if (!place) throw new Error(`no place for ${manager.unit}`);
  const star = Number(dice.weighted(STARS));
  const enterprise = dice.chance(0.03);
  const gender = enterprise ? null : dice.chance(0.54) ? ('male' as const) : ('female' as const);
  return {
    id,
    customer_no: `JS${String(2_600_000 + id)}`,
    name: gender ? fullName(dice, gender) : companyName(dice, place.city),
    gender,
    star_level: star,
    tier: TIERS[star] ?? 'ordinary',
    class: enterprise ? 'enterprise' : dice.chance(0.25) ? 'household' : 'individual',
    province: '江南省',
    city: place.city,
    district: dice.pick(place.districts),
    ...(enterprise ? { birth_year: null, birth_month: null, birth_day: null, birth_calendar: 'solar' as const } : birthday(dice, id, dates)),
    birth_leap: false,
    joined_on: addDays(dates.today, -dice.between(60, 365 * 18)),
    status: dice.chance(0.015) ? 'suspended' : 'active',
    sms_consent: consent(dice),
    call_consent: consent(dice),
    manager_id: manager.id,
    org_unit_id: manager.unitId,
  };
}

/** The main card, sometimes a second and third card. */
export function makeLines(dice: Dice, customer: DemoCustomer, firstId: number, today: Day): DemoLine[] {
  const count = dice.chance(0.14) ? (dice.chance(0.2) ? 3 : 2) : 1;
  const offered = PACKAGES.filter((p) => p.from <= Math.max(1, customer.star_level));
  return Array.from({ length: count }, (_, i): DemoLine => {
    const plan = i === 0 ? (offered[dice.chance(0.7) ? 0 : dice.between(0, offered.length - 1)] ?? PACKAGES[5]) : PACKAGES[6];
    return {
      id: firstId + i,
      customer_id: customer.id,
      number: numberOf(dice, firstId + i),
      kind: i === 0 ? 'main' : 'secondary',
      package: plan.name,
      arpu_fen: plan.fen + dice.between(-5, 60) * 100,
      contract_end: dice.chance(0.6) ? addDays(today, dice.between(-40, 700)) : null,
      status: customer.status,
      health: 'good',
    };
  });
}
