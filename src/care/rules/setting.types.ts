/** The settings of a rule as stored; the rule's fields say what may stand in them. */
export type Settings = Readonly<Record<string, unknown>>;

export const STARS = ['7', '6', '5', '4', '3', '2', '1'] as const;

/** A number for each star level, by its digit. */
export type ByStar = Readonly<Record<string, number>>;

interface Named {
  name: string;
}

/** One setting: form, check, default and help text derive from it. Its label is `care.setting.<name>`. */
export type SettingField = Named &
  (
    | { kind: 'choice'; choices: readonly string[]; initial: string }
    | { kind: 'number'; min: number; max: number; initial: number }
    | { kind: 'flag'; initial: boolean }
    | { kind: 'by-star'; min: number; max: number; initial: ByStar }
    | { kind: 'stars'; initial: readonly number[] }
    | { kind: 'words'; initial: readonly string[] }
    | { kind: 'template'; initial: string }
  );
