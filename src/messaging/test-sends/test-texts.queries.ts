import { Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { CheckQueries } from '../check/check.queries.js';
import type { GatewayAccount } from '../gateways/gateway.types.js';
import { GatewaysQueries } from '../gateways/gateways.queries.js';
import { isOwn } from '../home-unit.js';
import type { Blast, Wording } from '../messaging.types.js';
import { numbersOf, PreviewQueries } from '../templates/preview.queries.js';
import { FilingsQueries } from '../registry/filings.queries.js';
import type { Encoding } from '../wording/sms-parts.policy.js';
import { StartSources } from '../blasts/start-sources.queries.js';
import { type TestNumber, TestNumbersQueries } from './test-numbers.queries.js';
import type { TestSendForm } from './tests.forms.js';

/** The text of a test, as it was made with the values of one customer. */
export interface TestText {
  blastId: string;
  code: string;
  gateway: GatewayAccount;
  templateVersion: number;
  customerId: string;
  body: string;
  parts: number;
  encoding: Encoding;
}

/** What has to be so for a start has to be so for a test: the same wording, made by the same maker. */
@Injectable()
export class WordingToTest {
  constructor(
    private readonly database: Database,
    private readonly blasts: BlastsQueries,
    private readonly sources: StartSources,
    private readonly filings: FilingsQueries,
    private readonly gateways: GatewaysQueries,
  ) {}

  /** @throws DomainError not_found · blast_state (409) · those of a start */
  async of(user: CurrentUser, code: string): Promise<{ blast: Blast; wording: Wording; gateway: GatewayAccount }> {
    const blast = await this.blasts.byCode(user, code);
    if (!isOwn(user, blast)) throw notFound('blast', code);
    if (blast.state !== 'draft') throw new DomainError('blast_state', { status: 409, params: { state: blast.state, to: 'draft' } });
    const wording = await this.sources.wordingFor(this.database, blast);
    await this.filings.demand(this.database, blast, wording);
    return { blast, wording, gateway: await this.gateways.ready(blast.gateway) };
  }
}

@Injectable()
export class TestTexts {
  constructor(
    private readonly database: Database,
    private readonly wordings: WordingToTest,
    private readonly checks: CheckQueries,
    private readonly previews: PreviewQueries,
    private readonly testNumbers: TestNumbersQueries,
  ) {}

  numbers(user: CurrentUser, chosen: readonly string[]): Promise<TestNumber[]> {
    return this.testNumbers.chosen(user, chosen);
  }

  /** @throws DomainError test_text_none when no text can be made for that customer; and those of {@link WordingToTest.of} */
  async of(user: CurrentUser, code: string, form: Pick<TestSendForm, 'like' | 'line'>): Promise<TestText> {
    const { blast, wording, gateway } = await this.wordings.of(user, code);
    const segment = blast.segmentId ? { id: blast.segmentId } : null;
    const numbers = await this.likeWhom(user, blast, form);
    const { items } = await this.previews.preview(user, { wording, segment, numbers });
    const [item] = items;
    if (!item) throw new DomainError('test_text_none', { param: 'like' });
    const { customerId, text: body, parts, encoding } = item;
    return { blastId: blast.id, code, gateway, templateVersion: wording.version, customerId, body, parts, encoding };
  }

  /** Who was named; else whoever has the longest text, or the longest name before anybody has looked. */
  private async likeWhom(user: CurrentUser, blast: Blast, { like, line }: Pick<TestSendForm, 'like' | 'line'>): Promise<string[]> {
    if (like !== undefined) return numbersOf([like]);
    const lineId = line ?? (await this.checks.readBy(user, await this.checks.ofBlast(blast.id)))?.figures?.worst[0]?.lineId;
    if (lineId === undefined) return (await this.previews.samples(user, blast.segmentId)).slice(0, 1);
    const rows = await this.database.rows<{ number: string }>(sql`select number from customers.v_line where id = ${lineId}`);
    return rows.map(({ number }) => number);
  }
}
