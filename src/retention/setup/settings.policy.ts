import { InvalidInput } from '../../kernel/errors.js';

/** One value of the house; form, check and help text derive from it. Its label is `retention.setting.<name>`. */
export interface SettingField {
  name: keyof RetentionSettings;
  min: number;
  max: number;
  /** Shown and typed in yuan, kept in fen. */
  money?: boolean;
}

export interface RetentionSettings {
  /** The first call is due so many hours after a case was opened (RET-1). */
  firstCallHours: number;
  /** Per cent of the cases of drawing sources that are left alone. */
  holdOutPercent: number;
  /** A sign older than that opens no case: the list came too late. */
  staleDays: number;
  /** A sign that a filter found opens no case so soon after the last one was opened. */
  quietDays: number;
  /** What costs more needs a second person. */
  approvalFen: number;
  /** A status file so many days before a day of follow-up still tells how it was on that day. */
  statusFeedDays: number;
}

export const SETTING_FIELDS: readonly SettingField[] = [
  { name: 'firstCallHours', min: 1, max: 168 },
  { name: 'holdOutPercent', min: 0, max: 50 },
  { name: 'staleDays', min: 1, max: 365 },
  { name: 'quietDays', min: 0, max: 730 },
  { name: 'approvalFen', min: 0, max: 100_000_000, money: true },
  { name: 'statusFeedDays', min: 0, max: 60 },
];

const whole = (value: unknown, { min, max }: SettingField): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;

const INITIAL: RetentionSettings = { firstCallHours: 24, holdOutPercent: 5, staleDays: 30, quietDays: 90, approvalFen: 20_000, statusFeedDays: 7 };

/** What was chosen over what the product brings; what makes no sense any more counts as not chosen. */
export function settingsFrom(chosen: Readonly<Record<string, unknown>>): RetentionSettings {
  const sound = SETTING_FIELDS.flatMap((field) => {
    const value = whole(chosen[field.name], field);
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return { ...INITIAL, ...Object.fromEntries(sound) };
}

/** @throws InvalidInput retention_setting_range, for each value outside its limits; unknown names are refused too */
export function checkSettings(input: Readonly<Record<string, unknown>>): Partial<RetentionSettings> {
  const known = new Map<string, SettingField>(SETTING_FIELDS.map((field) => [field.name, field]));
  const faults = Object.entries(input).flatMap(([name, value]) => {
    const field = known.get(name);
    if (!field) return [{ param: name, code: 'invalid_whitelist_validation' }];
    const [min, max] = field.money ? [field.min / 100, field.max / 100] : [field.min, field.max];
    return whole(value, field) === undefined
      ? [{ param: name, code: 'retention_setting_range', params: { min: String(min), max: String(max) } }]
      : [];
  });
  if (faults.length > 0) throw new InvalidInput(faults);
  return input;
}
