export interface ScriptBranch {
  key: string;
  title: string;
  /** Shown to customers of these stars only; absent = to all. */
  stars?: number[];
  text: string;
}

export interface ScriptObjection {
  title: string;
  text: string;
}

/** What is said. `opening` follows the mandatory opening; text may hold `{{field}}` and `{{field|plain words}}`. */
export interface Script {
  opening: string;
  branches: ScriptBranch[];
  objections: ScriptObjection[];
}

/** A stretch of text; `merged` = filled in by the system, shown in blue so that the manager can check it aloud. Plain text, never HTML. */
export interface ScriptSegment {
  text: string;
  merged: boolean;
}

/** One line to say, or (`act`) a hint for the manager that is not said. */
export interface ScriptLine {
  act: boolean;
  segments: ScriptSegment[];
}

export interface RenderedScript {
  /** The mandatory opening, then the campaign's own. */
  opening: ScriptLine[];
  /** Those for this customer's star. */
  branches: { key: string; title: string; lines: ScriptLine[] }[];
  objections: { title: string; lines: ScriptLine[] }[];
  /** Fields without a value and without plain words: their sentences are left out. */
  missing: string[];
}

/** Values by field name, as text; absent, null and blank mean not known. */
export type ScriptFields = Record<string, string | null | undefined>;

/** Fields every campaign may use; a segment adds its own columns. */
export const SCRIPT_FIELDS = [
  'name',
  'honorific',
  'surname',
  'starLevel',
  'tier',
  'city',
  'district',
  'package',
  'arpu',
  'joinedOn',
  'birthday',
  'manager.name',
  'manager.no',
  'agent.name',
  'agent.no',
  'today',
] as const;
