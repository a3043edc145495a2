import { HEALTH_FIELDS, type HealthGroup, INITIAL_HEALTH } from './health-settings.policy.js';
import type { HealthRulesVersion } from './health-rules.queries.js';
import type { HealthSettings } from './health.types.js';

/** A form as a browser posts it. */
export type Typed = Readonly<Record<string, string | undefined>>;

const GROUPS: readonly HealthGroup[] = ['intent', 'score', 'complaints', 'use_drop', 'calls', 'together'];

/** The thresholds as boxes, under the reason they belong to. @param typed a form that came back */
export const healthGroups = (settings: HealthSettings, typed: Typed = {}) =>
  GROUPS.map((group) => ({
    group,
    fields: HEALTH_FIELDS.filter((field) => field.group === group).map(({ name, unit, max, zero = 'off' }) => ({
      name,
      unit,
      max,
      zero,
      initial: INITIAL_HEALTH[name],
      value: typed[name] ?? String(settings[name]),
    })),
  }));

/** What is no whole number stays as it was typed and is refused. */
export const healthSettingsTyped = (body: Typed): Record<string, unknown> =>
  Object.fromEntries(
    HEALTH_FIELDS.map(({ name }) => {
      const typed = (body[name] ?? '').trim();
      return [name, /^\d{1,9}$/.test(typed) ? Number(typed) : typed];
    }),
  );

/** Each version with what it changed of the one before it. @param versions the newest first */
export const healthHistory = (versions: readonly HealthRulesVersion[]) =>
  versions.slice(0, -1).map(({ version, by, at, settings }, i) => {
    const before = versions[i + 1]?.settings ?? settings;
    const changed = HEALTH_FIELDS.filter(({ name }) => before[name] !== settings[name]);
    return { version, by, at, changes: changed.map(({ name, unit }) => ({ name, unit, from: before[name], to: settings[name] })) };
  });
