import { DEFAULT_REPLY_WORDS } from '../blocks/opt-out.policy.js';
import type { Caps, GateSettings, Rests } from '../gate/gate.types.js';

const CAPS: Caps = { greetingSmsPerMonth: 2, marketingSmsPerWeek: 2, callsPerDay: 2, callsPerWeek: 5, callbacksPerDay: 3 };

const RESTS: Rests = { afterRefusal: 90, afterSuccess: 30 };

/** The windows, caps and rests a fresh system starts with (GOV-4, GOV-5, GOV-7). */
export const DEFAULT_SETTINGS: GateSettings = {
  hardWindow: { call: [['08:00', '21:00']], sms: [['08:00', '21:00']] },
  callWindow: [
    ['09:00', '12:00'],
    ['14:00', '20:00'],
  ],
  caps: CAPS,
  limits: CAPS,
  rests: RESTS,
  leastRests: RESTS,
  replyWords: DEFAULT_REPLY_WORDS,
  holdMinutes: 30,
};

/** The names under which the parts are kept, one row a rule. */
export const SETTING_RULES = [
  'hardWindow',
  'callWindow',
  'caps',
  'limits',
  'rests',
  'leastRests',
  'replyWords',
  'holdMinutes',
] as const satisfies readonly (keyof GateSettings)[];

/** Puts stored rows over the defaults, so that a rule added by an update has its default until somebody sets it. */
export function settingsFrom(rows: readonly { rule: string; value: unknown }[]): GateSettings {
  const stored = Object.fromEntries(rows.map((row) => [row.rule, row.value])) as Partial<GateSettings>;
  return {
    hardWindow: { ...DEFAULT_SETTINGS.hardWindow, ...stored.hardWindow },
    callWindow: stored.callWindow ?? DEFAULT_SETTINGS.callWindow,
    caps: { ...DEFAULT_SETTINGS.caps, ...stored.caps },
    limits: { ...DEFAULT_SETTINGS.limits, ...stored.limits },
    rests: { ...DEFAULT_SETTINGS.rests, ...stored.rests },
    leastRests: { ...DEFAULT_SETTINGS.leastRests, ...stored.leastRests },
    replyWords: { ...DEFAULT_SETTINGS.replyWords, ...stored.replyWords },
    holdMinutes: stored.holdMinutes ?? DEFAULT_SETTINGS.holdMinutes,
  };
}
