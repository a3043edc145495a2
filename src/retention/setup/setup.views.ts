import { createHash } from 'node:crypto';
import type { Script } from '../../campaigns/campaigns.types.js';
import { formatFen } from '../../kernel/money.js';
import type { AuditRow } from '../../staff/audit/audit.queries.js';
import type { Say } from '../cases/cases.views.js';
import type { Change, Posted } from './setup-item.policy.js';
import { SETTING_FIELDS, type RetentionSettings } from './settings.policy.js';
import type { RetentionOffer, SetupItem, Source, SourceAsKept, Strategy } from './setup.types.js';

/** Tells one state of a thing from another, short enough for a form. */
export const seenOf = (item: SetupItem): string => createHash('sha256').update(JSON.stringify(item)).digest('hex').slice(0, 16);

const yuan = (fen: number): string => formatFen(fen, true).replaceAll(',', '');

/** The settings as boxes. @param typed a form that came back */
export const settingFields = (settings: RetentionSettings, typed: Posted = {}) =>
  SETTING_FIELDS.map(({ name, min, max, money }) => ({
    name,
    money,
    min: money ? min / 100 : min,
    max: money ? max / 100 : max,
    value: typed[name] ?? (money ? yuan(settings[name]) : String(settings[name])),
  }));

const typedList = (value: Posted[string]): string[] => [value ?? []].flat();

interface Aim {
  code: string;
  name: string;
}

/** What may be ticked, and what is. */
const boxes = (all: readonly Aim[], chosen: readonly string[]) => all.map((one) => ({ ...one, chosen: chosen.includes(one.code) }));

/** One source, strategy, offer, reason or direction as the boxes of its page. @param typed a form that came back */
export function itemBoxes(item: SetupItem | null, lists: { sources: readonly Aim[]; reasons: readonly Aim[] }, typed?: Posted) {
  const was = item as Partial<Source & Strategy & RetentionOffer> | null;
  const ticked = (name: 'sources' | 'reasons'): readonly string[] => (typed ? typedList(typed[name]) : (was?.[name] ?? []));
  const ticks = (name: 'enabled' | 'alwaysAsks' | 'draws' | 'nightly', initial: boolean): boolean =>
    typed ? typed[name] === 'on' : (was?.[name] ?? initial);
  return {
    enabled: ticks('enabled', true),
    alwaysAsks: ticks('alwaysAsks', false),
    draws: ticks('draws', false),
    nightly: ticks('nightly', false),
    sources: boxes(lists.sources, ticked('sources')),
    reasons: boxes(lists.reasons, ticked('reasons')),
    seen: item && seenOf(item),
    values: item ? valuesOf(item) : { sort: '50', starFrom: '0', starTo: '7', restDays: '365', leastValueFen: '0', likelihood: '50' },
  };
}

/** What becomes of a sign of a source: a case, nothing, or the end of retention. */
export const becomesOf = ({ stops, enabled }: SourceAsKept): 'stops' | 'opens' | 'noted' => (stops ? 'stops' : enabled ? 'opens' : 'noted');

function valuesOf(item: SetupItem): object {
  if ('labelZh' in item) return { ...item, words: item.words.join('、') };
  if ('goal' in item) return { ...item, offers: item.offers.join('、') };
  return { ...item, costFen: yuan(item.costFen), leastValueFen: yuan(item.leastValueFen) };
}

const blank = { title: '', text: '', stars: [] as number[], key: '' };

/** The parts of a script, each with an empty one behind it for what is added. */
export const scriptRows = ({ opening = '', branches = [], objections = [] }: Partial<Script>) => ({
  opening,
  branches: [...branches, blank].map((branch, index) => ({ ...branch, index })),
  objections: [...objections, blank].map((objection, index) => ({ ...objection, index })),
});

const LONGEST = 40;

function shown(value: unknown, say: Say): string {
  if (value === null || value === undefined || value === '') return say('retention.setup.nothing');
  if (typeof value === 'boolean') return say(value ? 'retention.setup.yes' : 'retention.setup.no');
  if (Array.isArray(value)) return value.length === 0 ? say('retention.setup.nothing') : value.join('、');
  if (typeof value === 'object') return say('retention.setup.text_changed');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Where the names of values stand that are no fields of a form of things. */
const NAMED: Readonly<Record<string, string>> = { settings: 'retention.setting', health: 'retention.health_setting' };

/** An entry of the audit log as a line of the history. */
export function historyLine({ at, actor, objectId, detail }: AuditRow, say: Say) {
  const changes = Object.entries(JSON.parse(detail || '{}') as Record<string, Change>);
  const [kind = '', code] = (objectId ?? '').split('/');
  const named = (name: string): string => say(`${NAMED[kind] ?? 'retention.setup.field'}.${name}`);
  const amount = (name: string, value: unknown): unknown => (name.endsWith('Fen') && typeof value === 'number' ? yuan(value) : value);
  return {
    at,
    actor,
    kind,
    code,
    changes: changes.map(([name, { from, to }]) => ({ name: named(name), from: shown(amount(name, from), say), to: shown(amount(name, to), say) })),
  };
}
