import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/errors.js';
import { uuidAt } from '../../kernel/ids.js';
import { TestTouches } from '../../contact/gate/test-touches.commands.js';
import type { Reason } from '../../contact/contact.types.js';
import { Database, type Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Audit } from '../../staff/audit/audit.commands.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import type { OutgoingMessage } from '../gateways/gateway.types.js';
import type { TestNumber } from './test-numbers.queries.js';
import { TestHandOver } from './test-hand-over.commands.js';
import { type TestText, TestTexts } from './test-texts.queries.js';
import type { TestSendForm } from './tests.forms.js';

/** The same text to the same number again so soon is a second press, not a second test. */
const SAME_PRESS_MS = 60_000;

export interface TestAnswer {
  /** How many went out; 0: the same had just gone out. */
  sent: number;
  refused: { number: string; reason: Reason }[];
}

/**
 * Tests of a blast (R10): to numbers of the house's own, through the gate with a purpose of their own, on a path of their own. No recipient, no
 * message and no job is made, so no figure of the blast and no funnel can count them.
 */
@Injectable()
export class TestSends {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly texts: TestTexts,
    private readonly gate: TestTouches,
    private readonly handOver: TestHandOver,
    private readonly audit: Audit,
  ) {}

  /**
   * Each row is committed before the gateway hears of it and handed over once, by this call alone: nobody ever tries it again.
   * @throws DomainError not_found · test_number_unknown, test_text_none · blast_state (409) · those of a start (template, gateway, filings) · sms_test_<reason> (409)
   */
  async send(user: CurrentUser, code: string, form: TestSendForm): Promise<TestAnswer> {
    const text = await this.texts.of(user, code, form);
    const numbers = [...(await this.texts.numbers(user, form.numbers))].sort((a, b) => a.number.localeCompare(b.number));
    const { intents, refused } = await this.database.tx(async (tx) => this.intend(tx, user, { text, numbers, press: form.press }));
    const [first] = refused;
    // thrown after the commit: the gate's ledger keeps the refusal
    if (intents.length === 0 && first) throw new DomainError(`sms_test_${first.reason}`, { status: 409, param: 'numbers' });
    await this.handOver.carry(text.gateway, intents);
    return { sent: intents.length, refused };
  }

  private async intend(
    tx: Tx,
    user: CurrentUser,
    { text, numbers, press }: { text: TestText; numbers: readonly TestNumber[]; press: string | undefined },
  ): Promise<{ intents: OutgoingMessage[]; refused: TestAnswer['refused'] }> {
    const intents: OutgoingMessage[] = [];
    const refused: TestAnswer['refused'] = [];
    for (const { number } of numbers) {
      const verdict = await this.intent(tx, user, { text, number, press });
      if (verdict === null) continue;
      if ('reason' in verdict) refused.push({ number, reason: verdict.reason });
      else intents.push(verdict);
    }
    if (intents.length > 0)
      await this.audit.record(tx, user, {
        action: 'blast.tested',
        object: 'blast',
        id: text.code,
        detail: { numbers: intents.length, as: text.customerId },
      });
    return { intents, refused };
  }

  /** null: the same has been sent a moment ago, or by the same press. */
  private async intent(
    tx: Tx,
    user: CurrentUser,
    { text, number, press }: { text: TestText; number: string; press: string | undefined },
  ): Promise<OutgoingMessage | { reason: Reason } | null> {
    const now = this.clock.now();
    await tx.rows(sql`select pg_advisory_xact_lock(hashtext('messaging.test'), hashtext(${`${text.blastId} ${number}`}))`);
    const again = await tx.maybe(sql`
      select 1 from messaging.test_send where blast_id = ${text.blastId} and number = ${number}
        and (press = ${press ?? ''} or body = ${text.body} and sent_at > ${new Date(now.getTime() - SAME_PRESS_MS)})`);
    if (again) return null;
    const verdict = await this.gate.reserve(tx, { number, at: now, text: text.body, source: `test:${text.code}`, actorId: user.id });
    if (!verdict.allowed) return { reason: verdict.reasons[0] ?? 'blocked' };
    const id = uuidAt(now);
    const { body, parts, encoding } = text;
    await tx.run(sql`
      insert into messaging.test_send (id, blast_id, press, number, touch_id, customer_id, template_version, body, parts, encoding, gateway_code, sent_by, sent_at)
      values (${id}, ${text.blastId}, ${press ?? id}, ${number}, ${verdict.touchId}, ${text.customerId}, ${text.templateVersion}, ${body}, ${parts}, ${encoding},
              ${text.gateway.code}, ${user.id}, ${now})`);
    return { id, number, body, parts, encoding };
  }
}
