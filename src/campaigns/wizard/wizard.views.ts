import { DomainError } from '../../kernel/errors.js';
import { addDays, type Day, lastDayOfMonth } from '../../kernel/day.js';
import type { CampaignPatch } from '../campaign-edit.policy.js';
import type { CallWindow, Campaign, Script } from '../campaigns.types.js';
import { campaignUrl } from '../campaigns.views.js';
import type { DetailsForm, PolicyForm } from './wizard.forms.js';

export const STEPS = ['details', 'audience', 'script', 'policy', 'sms', 'launch'] as const;
export type Step = (typeof STEPS)[number];

export const isStep = (text: unknown): boolean => STEPS.some((step) => step === text);

export const stepUrl = (code: string, step: Step): string => `${campaignUrl(code)}/edit/${step}`;

const isDone = (campaign: Campaign, step: Step): boolean =>
  ({
    details: true,
    audience: campaign.segmentId !== null || campaign.filter !== null || campaign.waveOf !== null,
    script: campaign.script.opening !== '' || campaign.script.branches.length > 0,
    policy: campaign.version > 1,
    sms: campaign.smsStep !== null,
    launch: campaign.state !== 'draft',
  })[step];

/** The row of steps; a campaign that runs has no launch step any more, a standing one sends by its rule. */
export const stepsView = (campaign: Campaign | null, current: Step) =>
  STEPS.filter((step) => (step === 'launch' ? !campaign || campaign.state === 'draft' : step !== 'sms' || !campaign?.standing)).map((step) => ({
    step,
    href: campaign ? stepUrl(campaign.code, step) : null,
    current: step === current,
    done: campaign !== null && step !== current && isDone(campaign, step),
  }));

/** Where the pressed button leads: on, back, to a step of the row, out of the wizard, or nowhere. Whatever it is, the step was saved before. */
export function following(code: string, step: Step, then: unknown): string {
  const at = STEPS.indexOf(step);
  if (then === 'later') return campaignUrl(code);
  if (then === 'stay') return stepUrl(code, step);
  const named = STEPS.find((one) => one === then);
  if (named) return stepUrl(code, named);
  return stepUrl(code, STEPS[then === 'back' ? Math.max(0, at - 1) : Math.min(STEPS.length - 1, at + 1)] ?? step);
}

/** A new campaign starts today and ends with the month, or with the next one when little is left. */
export function newDetails(today: Day, code: string) {
  const end = lastDayOfMonth(today);
  return { code, kind: 'marketing', startsOn: today, endsOn: end > addDays(today, 10) ? end : lastDayOfMonth(addDays(end, 1)) };
}

export const detailsValues = (campaign: Campaign) => ({
  code: campaign.code,
  name: campaign.name,
  kind: campaign.kind,
  goal: campaign.goal ?? '',
  startsOn: campaign.startsOn,
  endsOn: campaign.endsOn ?? '',
  callerNumber: campaign.callerNumber ?? '',
  productFamily: campaign.productFamily ?? '',
});

export const detailsPatch = (form: DetailsForm, draft: boolean): CampaignPatch => ({
  name: form.name,
  goal: form.goal ?? null,
  endsOn: form.endsOn ?? null,
  callerNumber: form.callerNumber ?? null,
  ...(draft ? { kind: form.kind, startsOn: form.startsOn, productFamily: form.productFamily ?? null } : {}),
});

/** @throws DomainError `window_incomplete` at the span's first box */
function windowOf(form: PolicyForm): CallWindow | null {
  const spans = (['morning', 'afternoon'] as const).map((name) => ({ name, from: form[`${name}From`], to: form[`${name}To`] }));
  const slots = spans.flatMap(({ name, from, to }): CallWindow => {
    if (!from && !to) return [];
    if (!from || !to || from >= to) throw new DomainError('window_incomplete', { param: `${name}From` });
    return [[from, to]];
  });
  return slots.length === 0 ? null : slots;
}

const BOXES = ['morning', 'afternoon'] as const;

/** The hours in which nobody may be called lie outside any campaign's own (GOV-4). @throws DomainError `window_outside_hard` at the box */
export function checkWindow(window: CallWindow | null | undefined, hard: CallWindow, form: PolicyForm): void {
  for (const [from, to] of window ?? []) {
    if (hard.some(([opens, closes]) => from >= opens && to <= closes)) continue;
    const span = BOXES.find((name) => form[`${name}From`] === from && form[`${name}To`] === to) ?? 'morning';
    const early = !hard.some(([opens, closes]) => from >= opens && from < closes);
    const hours = hard.map((slot) => slot.join('–')).join(' ');
    throw new DomainError('window_outside_hard', { param: `${span}${early ? 'From' : 'To'}`, params: { hours } });
  }
}

const fraction = (percent: number | undefined): number | null => (percent === undefined ? null : Math.round(percent * 100) / 10_000);
const percent = (value: number | null): number | '' => (value === null ? '' : Math.round(value * 10_000) / 100);

export const policyPatch = (form: PolicyForm, draft: boolean): CampaignPatch => ({
  maxAttempts: form.maxAttempts,
  minGapMinutes: form.minGapMinutes,
  firstDialHours: form.firstDialHours,
  completionHours: form.completionHours ?? null,
  limitHours: form.limitHours,
  bandLower: fraction(form.bandLower),
  bandUpper: fraction(form.bandUpper),
  bandMinAttempts: form.bandMinAttempts,
  callWindow: windowOf(form),
  ...(draft && form.assignment ? { assignment: form.assignment } : {}),
});

export const policyValues = (campaign: Campaign) => ({
  maxAttempts: campaign.maxAttempts,
  minGapMinutes: campaign.minGapMinutes,
  firstDialHours: campaign.firstDialHours,
  completionHours: campaign.completionHours ?? '',
  limitHours: campaign.limitHours,
  assignment: campaign.assignment,
  bandLower: percent(campaign.bandLower),
  bandUpper: percent(campaign.bandUpper),
  bandMinAttempts: campaign.bandMinAttempts,
  morningFrom: campaign.callWindow?.[0]?.[0] ?? '',
  morningTo: campaign.callWindow?.[0]?.[1] ?? '',
  afternoonFrom: campaign.callWindow?.[1]?.[0] ?? '',
  afternoonTo: campaign.callWindow?.[1]?.[1] ?? '',
});

const ALL_STARS = [7, 6, 5, 4, 3, 2, 1, 0];
const stars = (chosen: number[] = []) => ALL_STARS.map((star) => ({ star, chosen: chosen.includes(star) }));

/** The rows of the script form, one empty row more of each kind than there are. */
export function scriptRows(script: Script) {
  const branches = [...script.branches, { title: '', stars: [], text: '' }].map((branch, index) => ({
    ...branch,
    index,
    stars: stars(branch.stars),
    blank: branch.text === '',
  }));
  const objections = [...script.objections, { title: '', text: '' }].map((objection, index) => ({
    ...objection,
    index,
    blank: objection.text === '',
  }));
  return { opening: script.opening, branches, objections };
}
