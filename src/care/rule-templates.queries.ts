import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { InvalidInput, orUndefined } from '../kernel/errors.js';
import type { TemplateRow } from '../messaging/messaging.types.js';
import { TemplatesQueries } from '../messaging/templates/templates.queries.js';
import { MessageValues } from '../messaging/wording/optional-values.types.js';
import { Database } from '../platform/database/database.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { CareRule } from './care.types.js';
import { messagePurposeOf } from './rules/rule-list.policy.js';

type Card = Parameters<Awaited<ReturnType<MessageValues['prepare']>>>[0];

/** Of somebody of whom all is known that a card can hold: what is still empty then can never be filled by a care message. */
const EVERYTHING_KNOWN: Card = {
  lineId: '0',
  customerId: '0',
  number: '',
  name: '王',
  gender: 'male',
  toUser: false,
  userName: '王',
  starLevel: 7,
  package: '-',
  managerName: '-',
  managerPhone: '-',
  attributes: null,
};

/** The variables of a stored wording, which was read when it was saved: `{{name}}`, `{{date until "year"}}`. */
export function variablesIn(body: string): string[] {
  const holes = [...body.matchAll(/\{\{\s*([^{}!][^{}]*?)\s*\}\}/gu)].map(([, hole = '']) => hole.replace(/"[^"]*"|'[^']*'/gu, ' ').trim());
  const names = holes.flatMap((hole) => {
    const words = hole.split(/\s+/u).map((word) => word.replace(/[[\]]/gu, ''));
    return words.length > 1 ? words.slice(1) : words;
  });
  return [...new Set(names)];
}

export interface FittingTemplate {
  code: string;
  name: string;
}

/** Which templates a rule can send: approved, of the purpose that the gate judges its messages by, without a word that only a segment knows. */
@Injectable()
export class RuleTemplates {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly templates: TemplatesQueries,
    private readonly values: MessageValues,
  ) {}

  async fitting(user: CurrentUser, rule: CareRule): Promise<FittingTemplate[]> {
    const rows = (await this.templates.list(user)).filter(({ inUse, purpose }) => inUse !== null && purpose === messagePurposeOf(rule));
    const unfilled = await Promise.all(rows.map((row) => this.unfilledIn(row)));
    return rows.filter((_, i) => unfilled[i] === undefined).map(({ code, name }) => ({ code, name }));
  }

  /** @throws InvalidInput at `settings.template`: setting_template_unknown, setting_template_not_approved, setting_template_no_<purpose>, setting_template_variable */
  async check(user: CurrentUser, rule: CareRule, code: string): Promise<void> {
    const refuse = (why: string, params: Record<string, string> = {}): InvalidInput =>
      new InvalidInput([{ param: 'settings.template', code: why, params: { template: code, ...params } }]);
    const found = await this.templates.byCode(user, code).catch(orUndefined);
    if (!found) throw refuse('setting_template_unknown');
    if (found.inUse === null) throw refuse('setting_template_not_approved');
    if (found.purpose !== messagePurposeOf(rule)) throw refuse(`setting_template_no_${messagePurposeOf(rule)}`);
    const variable = await this.unfilledIn(found);
    if (variable !== undefined) throw refuse('setting_template_variable', { variable });
  }

  /** A variable that no care message can fill: there is no segment whose column it could be. */
  private async unfilledIn({ code, body, version, inUse }: TemplateRow): Promise<string | undefined> {
    const variables = variablesIn(version === inUse ? body : (await this.templates.inUse({ code })).body);
    const said = await this.values.prepare(variables, [], { now: this.clock.now(), on: this.db });
    const values = said(EVERYTHING_KNOWN);
    return variables.find((name) => values[name] === null || values[name] === undefined);
  }
}
