import { maskPhone } from '../../kernel/phone.js';
import { wordShown } from '../wording/forbidden.policy.js';
import type { CheckRow, ExampleRow } from './check.queries.js';
import type { SampleView } from './check-samples.queries.js';
import type { AudienceFigures } from './check.types.js';

/** Thousandths of a yuan in a fen. */
const LI_A_FEN = 10;

/** Where the look at a template on a segment is shown and asked for. */
export const checkUrlOf = (code: string, segment: string): string => `/sms/templates/${code}/check?segment=${encodeURIComponent(segment)}`;

export interface CostView {
  people: number;
  made: number;
  leftOut: number;
  parts: AudienceFigures['parts'];
  byParts: AudienceFigures['byParts'];
  /** null: the price is not known. */
  costFen: number | null;
}

/** What an audience comes to, without a customer in it. */
export const costView = ({ people, made, parts, byParts }: AudienceFigures, price: number | null): CostView => ({
  people,
  made,
  leftOut: people - made,
  parts,
  byParts,
  costFen: price === null || parts === null ? null : Math.round((parts.total * price) / LI_A_FEN),
});

export interface Beside {
  /** Of a part, in thousandths of a yuan; null: not known. */
  price: number | null;
  byLine: ReadonlyMap<string, ExampleRow>;
  samples: readonly SampleView[];
}

function faultViews(figures: AudienceFigures, byLine: Beside['byLine']): object[] {
  return figures.faults.map(({ fault, field, people, lineIds }) => ({
    fault,
    field: field === null ? null : wordShown(field),
    people,
    named: lineIds.flatMap((lineId) => {
      const row = byLine.get(lineId);
      return row ? [{ customerId: row.customerId, name: row.name, masked: maskPhone(row.number) }] : [];
    }),
  }));
}

/** A look at an audience as pages show it. `live`: it is under way, the browser comes again. */
export function checkView(check: CheckRow, { price, byLine, samples }: Beside): object {
  const { figures, state, looked, total, fault, askedBy, askedAt, finishedAt } = check;
  const head = { state, looked, total, fault: fault && { key: `error.${fault.code}`, params: fault.params }, askedBy, askedAt, finishedAt };
  const live = state === 'waiting' || state === 'running';
  if (!figures) return { ...head, live };
  const pushing = figures.fields.filter(({ pushes }) => pushes > 0).sort((a, b) => b.pushes - a.pushes);
  return {
    ...head,
    live,
    ...costView(figures, price),
    middle: figures.middle,
    faults: faultViews(figures, byLine),
    fields: figures.fields,
    pushing,
    byWording: figures.byWording,
    byTogether: figures.byTogether,
    characters: figures.characters.map((count) => ({ ...count, shown: wordShown(count.char) })),
    anyPush: pushing.length > 0 || figures.byWording > 0 || figures.byTogether > 0 || figures.characters.some(({ pushes }) => pushes > 0),
    samples,
  };
}

/** As the API answers it. */
export function checkAnswer(check: CheckRow | undefined, { price, byLine, samples }: Beside): object | null {
  if (!check) return null;
  const { state, looked, total, figures, fault, finishedAt } = check;
  const head = { state, looked, total, error: fault?.code ?? null, finishedAt };
  if (!figures) return { ...head, figures: null, errors: [], worst: [] };
  const { ucs2, middle, fields, characters, byWording, byTogether } = figures;
  const { costFen, ...cost } = costView(figures, price);
  return {
    ...head,
    figures: { ...cost, cost: costFen === null ? null : costFen / 100, ucs2, middle, fields, characters, byWording, byTogether },
    errors: figures.faults.map(({ fault: code, field, people, lineIds }) => ({
      code,
      field,
      people,
      phones: lineIds.flatMap((lineId) => byLine.get(lineId)?.number ?? []),
    })),
    worst: samples.map(({ why, what, phone, units, parts, encoding, pieces }) => ({
      why,
      what,
      phone,
      units,
      parts,
      encoding,
      text: pieces.map(({ text }) => text).join(''),
    })),
  };
}
