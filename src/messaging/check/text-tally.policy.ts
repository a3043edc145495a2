import { type MessageText, TEXT_FAULTS } from '../wording/message-text.policy.js';
import { type Encoding, unitsOver } from '../wording/sms-parts.policy.js';
import type { AudienceFigures, CharacterCount, FaultCount, FieldSpread, WorstCase } from './check.types.js';
import { doublesIn, oddCharacters, pushedBy, type Shape } from './pushes.policy.js';

/** Customers to whom the message says the same: one of them, and how many there are. */
export interface Told {
  lineId: string;
  people: number;
  made: MessageText;
  /** What stands at each field, in the order of the fields. */
  said: readonly string[];
}

const EXAMPLES = 20;
const LONGEST = 6;
const CHARACTERS = 12;

interface Weighted extends Shape {
  people: number;
  lineId: string;
}

/** A count by a number, with its middle. */
class Spread {
  private readonly counts = new Map<number, number>();
  private all = 0;

  add(value: number, people: number): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + people);
    this.all += people;
  }

  get values(): number[] {
    return [...this.counts.keys()].sort((a, b) => a - b);
  }

  get entries(): [value: number, people: number][] {
    return this.values.map((value) => [value, this.counts.get(value) ?? 0]);
  }

  /** The value of the one in the middle; 0 where nobody is. */
  get median(): number {
    let seen = 0;
    for (const [value, people] of this.entries) {
      seen += people;
      if (seen * 2 >= this.all) return value;
    }
    return 0;
  }

  get total(): number {
    return this.entries.reduce((sum, [value, people]) => sum + value * people, 0);
  }
}

/** Counts the messages of an audience: each is added once, then the figures are told. What is the same of many is kept once. */
export class TextTally {
  private people = 0;
  private readonly parts = new Spread();
  private readonly lengths: Spread[];
  private readonly shapes = new Map<string, Weighted>();
  private readonly faults = new Map<string, FaultCount>();
  private readonly characters = new Map<string, CharacterCount & { lineId: string }>();
  private readonly longestOf: { length: number; lineId: string }[];

  constructor(private readonly fields: readonly string[]) {
    this.lengths = fields.map(() => new Spread());
    this.longestOf = fields.map(() => ({ length: -1, lineId: '' }));
  }

  add(told: Told): void {
    this.people += told.people;
    if ('fault' in told.made) this.addFault(told, told.made);
    else this.addText(told, told.made);
  }

  private addFault({ lineId, people }: Told, { fault, variables }: Extract<MessageText, { fault: unknown }>): void {
    for (const field of variables.length > 0 ? new Set(variables) : [null]) {
      const key = `${fault}:${field ?? ''}`;
      const count = this.faults.get(key) ?? { fault, field, people: 0, lineIds: [] };
      this.faults.set(key, count);
      count.people += people;
      if (count.lineIds.length < EXAMPLES) count.lineIds.push(lineId);
    }
  }

  private addText({ lineId, people, said }: Told, { text, units, parts, encoding }: Extract<MessageText, { text: string }>): void {
    this.parts.add(parts, people);
    const lengths = said.map((value) => value.length);
    lengths.forEach((length, i) => {
      this.lengths[i]?.add(length, people);
      const longest = this.longestOf[i];
      if (longest && length > longest.length) this.longestOf[i] = { length, lineId };
    });
    const doubles = doublesIn(text, units, encoding);
    const key = `${encoding} ${parts} ${units} ${doubles} ${lengths.join()}`;
    const known = this.shapes.get(key);
    if (known) known.people += people;
    else this.shapes.set(key, { lengths, units, parts, encoding, doubles, people, lineId });
    this.addCharacters(lineId, people, { said, pushes: pushedBy({ lengths, units, parts, encoding, doubles }, lengths).characters });
  }

  private addCharacters(lineId: string, people: number, { said, pushes }: { said: readonly string[]; pushes: boolean }): void {
    const odd = new Map(said.flatMap(oddCharacters).map((found) => [found.char, found.kind]));
    for (const [char, kind] of odd) {
      const count = this.characters.get(char) ?? { char, kind, people: 0, pushes: 0, lineId };
      this.characters.set(char, count);
      count.people += people;
      if (pushes) count.pushes += people;
    }
  }

  figures(): AudienceFigures {
    const shapes = [...this.shapes.values()].sort((a, b) => b.units - a.units || Number(a.lineId) - Number(b.lineId));
    const usual = this.lengths.map(({ median }) => median);
    const pushed = shapes.map((shape) => ({ shape, by: pushedBy(shape, usual) }));
    const sum = (of: (one: (typeof pushed)[number]) => boolean): number => pushed.filter(of).reduce((n, { shape }) => n + shape.people, 0);
    const made = shapes.reduce((n, { people }) => n + people, 0);
    return {
      people: this.people,
      made,
      parts: this.partsFigures(),
      byParts: this.parts.entries.map(([parts, people]) => ({ parts, people })),
      middle: middleOf(shapes),
      ucs2: sum(({ shape }) => shape.encoding === 'ucs2'),
      byWording: sum(({ by }) => by.wording),
      byTogether: sum(({ by }) => by.together),
      faults: [...this.faults.values()].sort(mostFirst),
      fields: this.spreads((i) => sum(({ by }) => by.fields.includes(i))),
      characters: this.topCharacters(),
      worst: this.worst(shapes),
    };
  }

  private partsFigures(): AudienceFigures['parts'] {
    const values = this.parts.values;
    const [min, max] = [values[0], values.at(-1)];
    return min === undefined || max === undefined ? null : { min, median: this.parts.median, max, total: this.parts.total };
  }

  private spreads(pushes: (field: number) => number): FieldSpread[] {
    return this.fields.map((field, i) => {
      const { values, median } = this.lengths[i] ?? new Spread();
      return { field, shortest: values[0] ?? 0, median, longest: values.at(-1) ?? 0, pushes: pushes(i) };
    });
  }

  private topCharacters(): CharacterCount[] {
    return [...this.characters.values()]
      .sort((a, b) => b.pushes - a.pushes || b.people - a.people)
      .slice(0, CHARACTERS)
      .map(({ lineId: _, ...count }) => count);
  }

  /** Longest and shortest texts, the longest value of each field, characters that may surprise: each customer once. */
  private worst(shapes: readonly Weighted[]): WorstCase[] {
    const odd = [...this.characters.values()].sort((a, b) => b.pushes - a.pushes || b.people - a.people).slice(0, LONGEST);
    const all: WorstCase[] = [
      ...shapes.slice(0, LONGEST).map(({ lineId }) => ({ lineId, why: 'longest' as const, what: null })),
      ...odd.map(({ lineId, char }) => ({ lineId, why: 'characters' as const, what: char })),
      ...this.longestOf.flatMap(({ lineId }, i) => (lineId === '' ? [] : [{ lineId, why: 'field' as const, what: this.fields[i] ?? null }])),
      ...shapes.slice(-1).map(({ lineId }) => ({ lineId, why: 'shortest' as const, what: null })),
    ];
    return all.filter(({ lineId }, i) => all.findIndex((other) => other.lineId === lineId) === i).slice(0, EXAMPLES);
  }
}

/** Those of most people, else in the order of the faults, else by field: the same audience gives the same list. */
const mostFirst = (a: FaultCount, b: FaultCount): number =>
  b.people - a.people || TEXT_FAULTS.indexOf(a.fault) - TEXT_FAULTS.indexOf(b.fault) || (a.field ?? '').localeCompare(b.field ?? '');

/** @param shapes the longest first */
function middleOf(shapes: readonly Weighted[]): { units: number; over: number } | null {
  const units = new Spread();
  for (const shape of shapes) units.add(shape.units, shape.people);
  const middle = shapes.length === 0 ? undefined : units.median;
  const encoding: Encoding | undefined = shapes.find((shape) => shape.units === middle)?.encoding;
  return middle === undefined || encoding === undefined ? null : { units: middle, over: unitsOver(middle, encoding) };
}
