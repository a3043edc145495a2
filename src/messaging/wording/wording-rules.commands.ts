import { Injectable } from '@nestjs/common';
import { ContactQueries } from '../../contact/contact.queries.js';
import { Clock } from '../../kernel/clock.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BRACKETS } from './body-parser.js';
import { wordShown, wordTyped } from './forbidden.policy.js';
import { offeredReply } from './offered-reply.policy.js';
import type { ForbiddenWordForm, OptOutForm } from './wording-rules.forms.js';
import { WordingRulesQueries } from './wording-rules.queries.js';

/** What holds for the wording of all messages: opt-out texts by purpose, forbidden words. In force at once for whatever starts from now on. */
@Injectable()
export class WordingRulesCommands {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: WordingRulesQueries,
    private readonly gate: ContactQueries,
    private readonly audit: Audit,
  ) {}

  /** @returns whether anything changed @throws DomainError opt_out_needed, opt_out_brackets, opt_out_not_understood */
  setOptOut(user: CurrentUser, { purpose, text: typed }: OptOutForm): Promise<boolean> {
    const text = typed.trim();
    this.checkOptOut(purpose, text);
    return this.database.tx(async (tx) => {
      await tx.run(sql`lock table messaging.opt_out_text in share row exclusive mode`);
      const before = (await this.rules.optOuts(tx)).find((row) => row.purpose === purpose)?.text;
      if (before === text) return false;
      await tx.run(
        sql`insert into messaging.opt_out_text (purpose, text, set_by, set_at) values (${purpose}, ${text}, ${user.id}, ${this.clock.now()})`,
      );
      await this.audit.record(tx, user, {
        action: 'sms.opt-out-text',
        object: 'opt_out_text',
        id: purpose,
        detail: { from: before ?? '', to: text },
      });
      return true;
    });
  }

  /** A text that offers a reply nobody would understand as an opt-out is worse than none (GOV-2). */
  private checkOptOut(purpose: string, text: string): void {
    if (text === '' && purpose === 'marketing') throw new DomainError('opt_out_needed', { param: 'text' });
    if (text === '') return;
    if (BRACKETS.test(text)) throw new DomainError('opt_out_brackets', { param: 'text' });
    const reply = offeredReply(text);
    if (reply === null || this.gate.replyMeaning(reply) !== 'opt_out')
      throw new DomainError('opt_out_not_understood', { param: 'text', params: { reply: reply ?? '—' } });
  }

  /** @throws DomainError forbidden_word_unreadable · forbidden_word_known (409) */
  forbid(user: CurrentUser, form: ForbiddenWordForm): Promise<void> {
    const word = wordTyped(form.word);
    if (word === undefined) throw new DomainError('forbidden_word_unreadable', { param: 'word' });
    return this.database.tx(async (tx) => {
      const added = await tx.run(sql`
        insert into messaging.forbidden_word (word, purposes, note, added_by, added_at)
        values (${word}, ${form.purposes}::text[], ${form.note}, ${user.id}, ${this.clock.now()}) on conflict (word) where removed_at is null do nothing`);
      const shown = wordShown(word);
      if (added === 0) throw new DomainError('forbidden_word_known', { status: 409, param: 'word', params: { word: shown } });
      await this.audit.record(tx, user, { action: 'sms.word-forbidden', object: 'forbidden_word', id: shown, detail: { purposes: form.purposes } });
    });
  }

  /** @throws DomainError not_found */
  allow(user: CurrentUser, id: string): Promise<void> {
    return this.database.tx(async (tx) => {
      const gone = /^\d{1,18}$/.test(id)
        ? await tx.maybe<{ word: string }>(sql`
            update messaging.forbidden_word set removed_at = ${this.clock.now()}, removed_by = ${user.id} where id = ${id} and removed_at is null returning word`)
        : undefined;
      if (!gone) throw notFound('forbidden_word', id);
      await this.audit.record(tx, user, { action: 'sms.word-allowed', object: 'forbidden_word', id: wordShown(gone.word) });
    });
  }
}
