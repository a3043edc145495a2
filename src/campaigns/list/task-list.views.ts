import type { TaskCount } from '../campaigns.types.js';
import { NOBODY } from './task-list.forms.js';
import type { TaskListRow, TaskOwner } from './task-list.queries.js';

const TASK_STATES = ['open', 'claimed', 'done', 'not_reached', 'cancelled', 'recycled'] as const;

/** As {@link taskPills} reads them: by the word of the state. */
export const statesOf = ({ notReached, total: _total, ...count }: TaskCount): Record<string, number> => ({ ...count, not_reached: notReached });

/** The pills above a list, each with the number it leads to. */
export function taskPills(states: Record<string, number>, current: string | undefined) {
  const total = TASK_STATES.reduce((sum, state) => sum + (states[state] ?? 0), 0);
  const pills = TASK_STATES.map((state) => ({ state, count: states[state] ?? 0, current: state === current }));
  return [{ state: '', count: total, current: !current }, ...pills.filter((pill) => pill.count > 0 || pill.current)];
}

const TASK_TONES: Record<string, string> = { open: '', claimed: 'info', done: 'ok', not_reached: 'warn', cancelled: '', recycled: 'warn' };
/** Ends nobody brought about by a call: the word of the state alone would not say it. */
const NAMED_ENDS = ['completion_limit', 'campaign_over', 'campaign_closed'];

export const taskRow = (task: TaskListRow, locale: string) => ({
  ...task,
  tone: TASK_TONES[task.state] ?? '',
  end: task.closeReason && NAMED_ENDS.includes(task.closeReason) ? task.closeReason : undefined,
  outcome: locale === 'en' ? task.outcomeEn : task.outcomeZh,
});

/** The people to choose from, those of one team together, and the teams. */
export function ownerChoices(owners: readonly TaskOwner[]) {
  const teams = [...new Map(owners.flatMap(({ team, teamName }) => (team ? [[team, teamName]] : []))).entries()].map(([code, name]) => ({
    code,
    name,
    people: owners.filter((one) => one.team === code),
  }));
  const nobody = owners.find(({ username }) => username === null);
  return { teams, nobody: nobody && { value: NOBODY, tasks: nobody.tasks }, any: owners.length > 0 };
}
