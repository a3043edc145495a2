import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { initialsOf } from '../src/customers/search/initials.policy.js';
import { fingerprint, randomOf } from './random.js';

const SEED = 20_240_601;
const HEADER = '手机号码,姓名,性别,星级,城市,套餐,ARPU,生日,入网日期,营销外呼同意';
const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明'];
const CITIES = ['南京', '苏州', '无锡', '常州', '徐州', '南通'];
const PLANS = ['5G畅享129元', '5G畅享199元', '天翼大流量59元', '孝心卡29元'];
/** Numbers in no order at all, each once: the factor has no divisor in common with the modulus. */
const STEP = 387_420_489;
const MODULUS = 1_000_000_000;

export interface BenchFiles {
  customers: string;
  /** The same rows with the initials of each name, which nobody works out in SQL. */
  byHand: string;
  /** The same rows in other bytes: not known as the same file, yet nothing in it is new. */
  again: string;
  segment: string;
  sha256: string;
}

type Random = () => number;
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const two = (n: number): string => String(n).padStart(2, '0');
const phoneOf = (i: number): string => `13${String((i * STEP) % MODULUS).padStart(9, '0')}`;

/** 18 % of the numbers come in another spelling. */
function spelled(random: Random, phone: string): string {
  const draw = random();
  if (draw >= 0.18) return phone;
  if (draw < 0.06) return `+86${phone}`;
  return draw < 0.12 ? `86 ${phone.slice(0, 3)}-${phone.slice(3)}` : ` ${phone} `;
}

/** 1.5 % of the rows are wrong, each in one of five ways. */
function spoiled(random: Random, cells: string[]): void {
  if (random() >= 0.015) return;
  const [column, value] = pick<[number, string]>(random, [
    [0, '1.38001E+10'],
    [0, '1380013800'],
    [3, '9'],
    [7, '1999-02-29'],
    [9, '也许'],
  ]);
  cells[column] = value;
}

function customerCells(random: Random, i: number): string[] {
  const whose = i > 0 && random() < 0.03 ? Math.floor(random() * i) : i; // 3 % name a number again
  const plan = pick(random, PLANS);
  const cells = [
    spelled(random, phoneOf(whose)),
    pick(random, SURNAMES) + pick(random, GIVEN) + (random() < 0.7 ? pick(random, GIVEN) : ''),
    random() < 0.5 ? '男' : '女',
    String(Math.floor(random() * 8)),
    pick(random, CITIES),
    random() < 0.2 ? `"${plan},含""家庭""宽带"` : plan,
    (random() * 300).toFixed(2),
    `${1950 + Math.floor(random() * 55)}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`,
    `${2005 + Math.floor(random() * 20)}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`,
    random() < 0.8 ? '是' : '否',
  ];
  spoiled(random, cells);
  return cells;
}

const segmentLine = (random: Random, i: number): string => `${phoneOf(i)},${pick(random, PLANS)},${Math.floor(random() * 100)}`;

async function write(paths: readonly string[], rows: number, { header, line }: { header: string; line: (i: number) => string }): Promise<void> {
  const files = paths.map((path) => createWriteStream(path));
  let text = `${header}\n`;
  for (let i = 0; i < rows; i++) {
    text += `${line(i)}\n`;
    if (text.length < 1 << 20 && i < rows - 1) continue;
    for (const file of files) if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  files[1]?.write('\n'); // one blank line more
  await Promise.all(files.map((file) => finished(file.end())));
}

/** 1,000,000 rows × 10 columns and a segment of the same numbers: the same bytes from the same seed everywhere. */
export async function writeFiles(folder: string, rows: number): Promise<BenchFiles> {
  const customers = `${folder}/customers.csv`;
  const again = `${folder}/customers-again.csv`;
  const byHand = `${folder}/customers-by-hand.csv`;
  const segment = `${folder}/segment.csv`;
  const hash = fingerprint();
  const told = (line: string): string => (hash.update(line), line);
  const random = randomOf(SEED);
  await write([customers, again], rows, { header: HEADER, line: (i) => told(customerCells(random, i).join(',')) });
  const same = randomOf(SEED);
  const withInitials = (cells: readonly string[]): string => [...cells, initialsOf(cells[1] ?? '')].join(',');
  await write([byHand], rows, { header: `${HEADER},首字母`, line: (i) => withInitials(customerCells(same, i)) });
  await write([segment], rows, { header: '手机号码,推荐套餐,优先级', line: (i) => told(segmentLine(random, i)) });
  return { customers, byHand, again, segment, sha256: hash.digest('hex') };
}
