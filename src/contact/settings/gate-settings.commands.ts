import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { GateContextQueries } from '../gate/gate-context.queries.js';
import { changesOf, partOf, ruleOf, type SettingChange, textOf } from './gate-setting.policy.js';
import { GateSettingsQueries } from './gate-settings.queries.js';
import { DEFAULT_SETTINGS, SETTING_RULES } from './gate-settings.policy.js';
import type { GateSettings } from '../gate/gate.types.js';

@Injectable()
export class GateSettingsCommands {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly gate: GateContextQueries,
    private readonly queries: GateSettingsQueries,
    private readonly audit: Audit,
  ) {}

  /** Writes the defaults that are missing; what somebody set stays. */
  async ensureDefaults(): Promise<void> {
    const rows = SETTING_RULES.map((rule) => ({ rule, value: DEFAULT_SETTINGS[rule] }));
    await this.db.run(sql`
      insert into contact.setting (rule, value, updated_at)
      select rule, value, ${this.clock.now()} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(rule text, value jsonb)
      on conflict (rule) do nothing`);
    await this.gate.reload();
  }

  /**
   * Changes settings of one rule; in force here at once, in other processes within seconds. Every change stays in the history.
   * @param version what the reader saw, so that nobody overwrites what they have not seen
   * @returns how many settings changed
   * @throws DomainError not_found, gate_settings_stale (409); InvalidInput at the setting
   */
  async change(user: CurrentUser, reason: string, form: { version: string; settings: Readonly<Record<string, unknown>> }): Promise<number> {
    const rule = ruleOf(reason);
    if (!rule) throw notFound('rule', reason);
    const changed = await this.db.tx(async (tx) => {
      await tx.run(sql`select 1 from contact.setting order by rule for update`);
      const { settings, version } = await this.queries.current(tx);
      if (form.version !== version) throw new DomainError('gate_settings_stale', { status: 409 });
      const { changes, after } = changesOf(rule, form.settings, user.role, settings);
      for (const change of changes) await this.write(tx, user, { reason, change, after });
      return changes.length;
    });
    await this.gate.reload();
    return changed;
  }

  private async write(
    tx: Tx,
    user: CurrentUser,
    { reason, change, after }: { reason: string; change: SettingChange; after: GateSettings },
  ): Promise<void> {
    const { path } = change.field;
    const part = partOf(path);
    const [from, to] = [textOf(change.from), textOf(change.to)];
    const now = this.clock.now();
    await tx.run(sql`
      insert into contact.setting (rule, value, updated_by, updated_at) values (${part}, ${JSON.stringify(after[part])}::jsonb, ${user.id}, ${now})
      on conflict (rule) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at`);
    await tx.run(sql`insert into contact.setting_change (reason, path, old_value, new_value, changed_by, changed_at)
      values (${reason}, ${path}, ${from}, ${to}, ${user.id}, ${now})`);
    await this.audit.record(tx, user, { action: 'gate.setting_changed', object: 'gate_rule', id: reason, detail: { path, from, to } });
  }
}
