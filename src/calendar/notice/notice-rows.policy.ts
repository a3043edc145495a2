import type { NoticeFault, Reading, Statement } from './notice.types.js';
import { noticeDays, noticeWeekday } from './notice-day.policy.js';

const HEADERS: Record<string, keyof Places> = {
  day: 'day',
  date: 'day',
  日期: 'day',
  state: 'state',
  type: 'state',
  状态: 'state',
  类型: 'state',
  安排: 'state',
  name: 'name',
  名称: 'name',
  节日: 'name',
  weekday: 'weekday',
  星期: 'weekday',
};
const OFF = ['off', 'holiday', '休', '休息', '放假', '假', 'false'];
const WORK = ['work', 'working', '班', '上班', '补班', '调休上班', 'true'];

interface Places {
  day: number;
  state: number;
  name: number;
  weekday: number;
}
const PLAIN: Places = { day: 0, state: 1, name: 2, weekday: -1 };

interface Row {
  line: number;
  cells: string[];
}

const bare = (cell: string): string =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();

/** A line of cells; where no sign parts them, spaces do. */
const cellsOf = (line: string): string[] => (/[,\t;，；]/.test(line) ? line.split(/[,\t;，；]/) : line.trim().split(/\s+/)).map(bare);

/** Which column is which, when the first line says so. */
function placesOf(cells: readonly string[]): Places | null {
  const named = cells.map((cell) => HEADERS[cell.toLowerCase()]);
  if (!named.includes('day')) return null;
  return { day: named.indexOf('day'), state: named.indexOf('state'), name: named.indexOf('name'), weekday: named.indexOf('weekday') };
}

function readRow({ line, cells }: Row, places: Places, year: number): Statement[] | NoticeFault {
  const written = cells[places.day] ?? '';
  const days = noticeDays(written, year);
  if (typeof days === 'string') return { line, value: written, code: days, params: {} };
  const state = (cells[places.state] ?? '').toLowerCase();
  if (!OFF.includes(state) && !WORK.includes(state)) return { line, value: cells[places.state] ?? '', code: 'state', params: {} };
  const name = cells[places.name] ?? '';
  const weekday = places.weekday < 0 ? null : noticeWeekday(cells[places.weekday] ?? '');
  return days.map((day, i) => ({ line, day, working: WORK.includes(state), name, weekday: i === 0 ? weekday : null }));
}

/** Lines of day, off or work, name, and where the first line says so, weekday. A line that begins with # is a remark. */
export function readRows(text: string, year: number): Reading {
  const rows = text
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0]?.startsWith('#'));
  const named = placesOf(rows[0]?.cells ?? []);
  const reading: Reading = { statements: [], unread: [], miscounts: [] };
  for (const row of named ? rows.slice(1) : rows) {
    const said = readRow(row, named ?? PLAIN, year);
    if (Array.isArray(said)) reading.statements.push(...said);
    else reading.unread.push(said);
  }
  return reading;
}

/** The same as JSON: a list of `{ day, state | working, name, weekday? }`, or an object with it under `days`. */
export function readJson(text: string, year: number): Reading {
  const items = itemsOf(text);
  if (!items) return { statements: [], unread: [{ line: 1, value: '', code: 'nothing', params: {} }], miscounts: [] };
  const cell = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  const lines = items.map((item) =>
    ['day', 'state', 'name', 'weekday'].map((key) => cell(key === 'state' ? (item.state ?? item.working) : item[key])),
  );
  const written = [['day', 'state', 'name', ...(lines.some((line) => line[3] !== '') ? ['weekday'] : [])], ...lines].map((line) => line.join('\t'));
  const down = <T extends { line: number }>(one: T): T => ({ ...one, line: one.line - 1 });
  const { statements, unread, miscounts } = readRows(written.join('\n'), year);
  return { statements: statements.map(down), unread: unread.map(down), miscounts };
}

function itemsOf(text: string): Record<string, unknown>[] | null {
  try {
    const value = JSON.parse(text) as unknown;
    const list: unknown = Array.isArray(value) ? value : (value as { days?: unknown } | null)?.days;
    return Array.isArray(list)
      ? list.map((item: unknown) => (typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {}))
      : null;
  } catch {
    return null;
  }
}
