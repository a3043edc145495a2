import { GATE_RULES } from '../gate/gate.policy.js';
import { mayEdit, textOf, valueAt } from './gate-setting.policy.js';
import type { GateRule, GateSettings, SettingField } from '../gate/gate.types.js';

/** A setting as the page's form has it; `name` is what the form sends and where a fault stands. */
function fieldView(field: SettingField, settings: GateSettings, role: string, typed: Readonly<Record<string, string>>): object {
  const limit = field.within ?? field.atLeast;
  const value = textOf(valueAt(settings, field.path));
  return {
    name: field.path,
    id: field.path.replace('.', '-'),
    counts: field.kind === 'count',
    words: field.kind === 'words',
    min: field.min,
    max: field.max,
    value: typed[field.path] ?? value,
    hard: limit === undefined ? null : textOf(valueAt(settings, limit)),
    hint: field.atLeast === undefined ? 'contact.rules.within' : 'contact.rules.at_least',
    isHard: field.level === 'hard',
    editable: mayEdit(role, field),
  };
}

const ruleView = (rule: GateRule, settings: GateSettings, role: string, typed: Readonly<Record<string, string>>): object => {
  const fields = rule.settings ?? [];
  return {
    reason: rule.reason,
    source: rule.source,
    fields: fields.map((field) => fieldView(field, settings, role, typed)),
    editable: fields.some((field) => mayEdit(role, field)),
  };
};

/** Every rule in its order of precedence, with its settings. */
export const rulesView = (settings: GateSettings, role: string, typed: Readonly<Record<string, string>> = {}): object[] =>
  GATE_RULES.map((rule) => ruleView(rule, settings, role, typed));

/** The same for programs: values as they are. */
export const rulesJson = (settings: GateSettings): object[] =>
  GATE_RULES.map(({ reason, source, settings: fields = [] }) => ({
    reason,
    source,
    settings: Object.fromEntries(fields.map((field) => [field.path, valueAt(settings, field.path)])),
  }));
