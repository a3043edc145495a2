import { type Day, isDay } from '../../kernel/day.js';
import type { NoticeFault, Reading, Statement } from './notice.types.js';
import { daysOfRun, noticeWeekday } from './notice-day.policy.js';

/** Where a paragraph begins, should several stand on one line. */
const PARAGRAPH = /(?=[一二三四五六七八九十]+、[^、：:\s]{1,12}[：:])/;
/** 二、春节：… */
const HEADING = /^\s*[一二三四五六七八九十]+[、.．]\s*([^：:\s]+)[：:]/;
const DATE = '(?:(\\d{4})年)?(?:(\\d{1,2})月)?(\\d{1,2})日(?:[（(]([^）)]*)[）)])?';
/** A date, a run of them, or the word that says what they are. */
const PIECE = new RegExp(`${DATE}(?:\\s*(?:至|到|—|–|-|~)\\s*${DATE})?|放假|休息|上班|共(\\d+)天`, 'g');

/** 鼓励各单位…安排职工在除夕（2月9日）休息 is advice, no day off. */
const ADVICE = /鼓励/;

interface Context {
  line: number;
  name: string;
  year: number;
  month: string | undefined;
}

type Dated = Omit<Statement, 'working'>;

/** One line of the notice while it is read. */
class Line {
  readonly statements: Statement[] = [];
  readonly unread: NoticeFault[] = [];
  readonly miscounts: NoticeFault[] = [];
  private pending: Dated[] = [];
  private lastOff = 0;

  constructor(private readonly at: Context) {}

  read(text: string): void {
    for (const piece of text.matchAll(PIECE)) {
      const [word] = piece;
      if (word === '上班') this.settle(true);
      else if (word === '放假' || word === '休息') this.settle(false);
      else if (piece[9] !== undefined) this.count(Number(piece[9]), word);
      else this.date(piece);
    }
  }

  private settle(working: boolean): void {
    this.statements.push(...this.pending.map((one) => ({ ...one, working })));
    if (!working && this.pending.length > 0) this.lastOff = this.pending.length;
    this.pending = [];
  }

  private count(said: number, value: string): void {
    if (said !== this.lastOff) this.miscounts.push({ line: this.at.line, value, code: 'count', params: { said, found: this.lastOff } });
  }

  private date([value, y1, m1, d1, w1, y2, m2, d2, w2]: RegExpMatchArray): void {
    const first = this.day(y1, m1, d1);
    const last = d2 === undefined ? first : this.day(y2, m2, d2);
    const days = first && last ? daysOfRun(first, last) : null;
    if (!days) this.unread.push({ line: this.at.line, value, code: first && last ? 'range' : 'day', params: {} });
    const { line, name } = this.at;
    const weekdayOf = (note = ''): number | null => (/周|星期/.test(note) ? noticeWeekday(note) : null);
    this.pending.push(
      ...(days ?? []).map((day, i) => ({
        line,
        name,
        day,
        weekday: i === 0 ? weekdayOf(w1) : d2 !== undefined && day === last ? weekdayOf(w2) : null,
      })),
    );
  }

  /** A month that is not written is that of the date before. */
  private day(year: string | undefined, month: string | undefined, day = ''): Day | null {
    this.at.month = month ?? this.at.month;
    const written = `${year ?? this.at.year}-${(this.at.month ?? '').padStart(2, '0')}-${day.padStart(2, '0')}`;
    return isDay(written) ? written : null;
  }
}

/**
 * The notice in its own words, as published since 2008:
 * 二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
 * Lines without a heading, such as the letter around it, say nothing of days.
 */
export function readProse(text: string, year: number): Reading {
  const reading: Reading = { statements: [], unread: [], miscounts: [] };
  const paragraphs = text.split(/\r?\n/).flatMap((line, i) => line.split(PARAGRAPH).map((written) => ({ written, number: i + 1 })));
  paragraphs.forEach(({ written, number }) => {
    const heading = HEADING.exec(written);
    if (!heading) return;
    const line = new Line({ line: number, name: heading[1] ?? '', year, month: undefined });
    const sentences = written.slice(heading[0].length).split(/(?<=。)/);
    for (const sentence of sentences) if (!ADVICE.test(sentence)) line.read(sentence);
    reading.statements.push(...line.statements);
    reading.unread.push(...line.unread);
    reading.miscounts.push(...line.miscounts);
  });
  return reading;
}
