import type { ExportState } from './exports.types.js';

export type ExportStep = 'approve' | 'refuse' | 'withdraw' | 'make' | 'fail' | 'expire';

const STEPS: Record<ExportStep, { from: readonly ExportState[]; to: ExportState }> = {
  approve: { from: ['waiting'], to: 'queued' },
  refuse: { from: ['waiting'], to: 'refused' },
  withdraw: { from: ['waiting'], to: 'withdrawn' },
  make: { from: ['queued'], to: 'ready' },
  fail: { from: ['queued'], to: 'failed' },
  expire: { from: ['ready'], to: 'expired' },
};

/** The state a step leads to; undefined when it is not possible from here. */
export const after = (state: ExportState, step: ExportStep): ExportState | undefined =>
  STEPS[step].from.includes(state) ? STEPS[step].to : undefined;
