import { share, sureness } from '../../kernel/statistics.js';
import { timeText } from '../../platform/views/formats.js';
import { causeName } from '../band/band.views.js';
import type { Breach } from '../band/breaches.queries.js';
import { type CountKey, countMetric, RATES } from '../catalogue.js';
import { percent, reportUrl } from '../funnel.views.js';
import type { LiveBoard } from './live-board.queries.js';
import { AGENT_STATES, type Agent, type AgentState } from './live.types.js';

interface Look {
  kind: string;
  chip: string;
  icon: string;
}
const LOOKS: Readonly<Record<AgentState, Look>> = {
  long: { kind: 'bad', chip: 'bad', icon: 'alarm' },
  dry: { kind: 'idle', chip: 'warn', icon: 'list-check' },
  idle: { kind: 'idle', chip: 'warn', icon: 'player-pause' },
  call: { kind: 'call', chip: 'ok', icon: 'phone' },
  off: { kind: 'off', chip: '', icon: 'clock' },
  away: { kind: 'off', chip: '', icon: 'beach' },
};

/** `07:42`; from an hour on `1:07:42`. */
export function clockText(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

function agentView(agent: Agent, now: Date, locale: string) {
  const held = agent.state === 'call' || agent.state === 'long';
  const outcome = locale === 'en' ? agent.lastOutcomeEn : agent.lastOutcomeZh;
  return {
    ...agent,
    ...LOOKS[agent.state],
    clock: agent.since ? clockText(agent.since, now) : null,
    about: held ? agent.heldCampaign : agent.state === 'idle' ? outcome : null,
    outcome: !held,
    connectRate: share(agent.connected, agent.attempts),
    few: sureness(agent.connected, agent.attempts)?.few,
    handover: agent.state === 'dry',
  };
}

const inOrder = (a: Agent, b: Agent): number =>
  AGENT_STATES.indexOf(a.state) - AGENT_STATES.indexOf(b.state) || (a.since?.getTime() ?? 0) - (b.since?.getTime() ?? 0);

/** A promise that its owner cannot keep is handed over, that of the day alone. */
export const handoverHref = (owner: string | null, today: string): string =>
  reportUrl({ from: owner ?? undefined, moves: 'tasks', until: today }, '/handover');

const REDIALLED: readonly string[] = ['slot_mix', 'no_answer', 'powered_off', 'busy', 'out_of_area', 'assistant'];
const RETURNED: readonly string[] = ['suspended', 'invalid_number'];

/** What to do about a breach at once; its page has the rest. */
function fixOf({ cause, campaignCode, rate, acts }: Breach) {
  if (cause === null) return undefined;
  if (REDIALLED.includes(cause)) return { key: 'redial', href: `/campaigns/${campaignCode}/redial`, post: false };
  if (RETURNED.includes(cause))
    return { key: 'return_numbers', href: reportUrl({ campaign: campaignCode }, '/exports/files/provider-returns'), post: false };
  const told = acts.some(({ act }) => act === 'alert');
  return ['technical', 'calling_number'].includes(cause) && !told
    ? { key: 'alert', href: `/reports/campaigns/${campaignCode}/breaches/${rate}/alert`, post: true }
    : undefined;
}

const FEW_CALLS = 30;

/** The report of the day's calls, opened at the rows behind a figure: figures of the board are those of the funnel. */
const callsOf =
  (today: string) =>
  (metric: CountKey, narrowed: { campaign?: string; by?: 'hour'; key?: string } = {}): string =>
    `${reportUrl({ from: today, to: today, by: 'manager', ...narrowed, metric })}#drill`;

/** How the figures of the tiles are counted. */
const abouts = {
  attempts: countMetric('attempts'),
  connectRate: RATES.find(({ key }) => key === 'connectRate'),
  conversionRate: RATES.find(({ key }) => key === 'conversionRate'),
};

function campaignView({ code, ...one }: LiveBoard['campaigns'][number], today: string) {
  const calls = callsOf(today);
  return {
    ...one,
    code,
    ...sureness(one.connected, one.attempts),
    connectRate: share(one.connected, one.attempts),
    rows: {
      agents: `${reportUrl({ campaign: code, from: today, to: today, by: 'manager' })}`,
      attempts: calls('attempts', { campaign: code }),
      connected: calls('connected', { campaign: code }),
    },
  };
}

/** The board as the template shows it. @param by who wants a look first, or by team */
export function boardView(
  board: LiveBoard,
  { by, today, locale, t }: { by: 'need' | 'team'; today: string; locale: string; t: (key: string) => string },
) {
  const { agents, at } = board;
  const calls = callsOf(today);
  const states = AGENT_STATES.map((state) => ({ state, count: agents.filter((one) => one.state === state).length })).filter(({ count }) => count > 0);
  return {
    ...board,
    by,
    clock: `${timeText(at)}:${String(at.getUTCSeconds()).padStart(2, '0')}`,
    agents: (by === 'need' ? [...agents].sort(inOrder) : agents).map((agent) => ({
      ...agentView(agent, at, locale),
      rows: agent.attempts > 0 ? calls('attempts', { key: agent.username }) : undefined,
    })),
    states: states.map((one) => ({ ...one, ...LOOKS[one.state] })),
    present: agents.filter(({ state }) => state !== 'away').length,
    everybody: agents.length,
    rows: { attempts: calls('attempts'), connected: calls('connected'), converted: calls('converted') },
    abouts,
    campaigns: board.campaigns.map((one) => ({ ...campaignView(one, today), dry: board.needs.dry.includes(one) })),
    hours: board.hours.map((hour) => {
      const few = hour.attempts < FEW_CALLS;
      return {
        ...hour,
        few: few && hour.attempts > 0,
        percent: few ? null : percent(hour.connectRate),
        rows: calls('attempts', { by: 'hour', key: String(hour.hour) }),
      };
    }),
    lateMore: board.totals.callbacksLate - board.callbacks.filter(({ late }) => late).length,
    limits: { lower: percent(board.band.lower), upper: percent(board.band.upper) },
    breaches: board.needs.breaches.map((one) => ({ ...one, causeName: causeName(one, locale, t), fix: fixOf(one) })),
    dry: board.needs.dry,
    long: agents.filter(({ state }) => state === 'long'),
    stranded: board.callbacks.filter(({ ownerState }) => ownerState === 'away').map((one) => ({ ...one, handover: handoverHref(one.owner, today) })),
  };
}
