import { Injectable } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Catalogue } from '../../platform/i18n/catalogue.js';
import { Outgoing, type Post } from '../../platform/outgoing/outgoing.js';
import { SealError } from '../../platform/sealing/sealer.js';
import { outcomeOf, outcomeOfFault } from './answer.policy.js';
import { BulletinContents } from './bulletin-content.queries.js';
import { BulletinEnds } from './bulletin-ends.commands.js';
import { BulletinTargets } from './bulletin-targets.js';
import type { BulletinKind, Target } from './bulletins.types.js';
import { bodyOf } from './message.js';

interface Claimed {
  id: string;
  bulletinId: string;
  kind: BulletinKind;
  active: boolean;
  host: string;
  keyId: string | null;
  data: Buffer | null;
  slot: Date | null;
  tries: number;
  body: string | null;
  /** A process died while it sent: nobody knows what became of it. */
  interrupted: boolean;
}

/** Secret and time say who sends: HMAC-SHA256 over `<timestamp>.<body>`, as switch events are signed to us. */
export function signedHeaders(secret: string, { timestamp, body }: { timestamp: string; body: string }): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return { 'x-starcare-timestamp': timestamp, 'x-starcare-signature': signature };
}

/** One try of one delivery. */
@Injectable()
export class BulletinSending {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly contents: BulletinContents,
    private readonly targets: BulletinTargets,
    private readonly outgoing: Outgoing,
    private readonly catalogue: Catalogue,
    private readonly ends: BulletinEnds,
  ) {}

  /** One try. Run twice it sends once: whoever takes the row from `waiting` sends. */
  async send(delivery: string): Promise<void> {
    await this.write(delivery);
    const claimed = await this.claim(delivery);
    if (!claimed) return;
    if (claimed.interrupted && claimed.kind === 'wecom') return this.ends.end(claimed, { state: 'doubtful', status: null, reason: 'interrupted' });
    const target = this.targetOf(claimed);
    if ('reason' in target) return this.ends.end(claimed, { state: 'failed', status: null, ...target });
    const answer = await this.outgoing.post(this.postOf(claimed, target));
    await this.ends.end(claimed, 'fault' in answer ? outcomeOfFault(claimed.kind, answer) : outcomeOf(claimed.kind, answer));
  }

  private claim(delivery: string): Promise<Claimed | undefined> {
    return this.db.maybe<Claimed>(sql`
      update reports.bulletin_delivery d set state = 'sending', tries = d.tries + 1
      from reports.bulletin b, (select id, state from reports.bulletin_delivery where id = ${delivery} for update) was
      where d.id = was.id and b.id = d.bulletin_id and was.state in ('waiting', 'sending')
      returning d.id, d.bulletin_id as "bulletinId", b.kind, b.active, b.host, b.seal_key_id as "keyId", b.sealed as data, d.slot, d.tries, d.body,
                was.state = 'sending' as interrupted`);
  }

  private targetOf({ bulletinId, keyId, data, active, slot }: Claimed): Target | { reason: string } {
    if (keyId === null || data === null) return { reason: 'removed' };
    if (!active && slot !== null) return { reason: 'switched_off' }; // while it waited for another try; a test goes out all the same
    try {
      return this.targets.open(bulletinId, { keyId, data });
    } catch (error) {
      if (error instanceof SealError) return { reason: 'seal_key_missing' };
      throw error;
    }
  }

  /** Written once, before anything is under way: a second try says the same, and a fault in the figures leaves nothing in doubt. */
  private async write(delivery: string): Promise<void> {
    const row = await this.db.maybe<{ orgUnitId: string; kind: BulletinKind; slot: Date | null; late: boolean }>(sql`
      select b.org_unit_id as "orgUnitId", b.kind, d.slot, d.late from reports.bulletin_delivery d join reports.bulletin b on b.id = d.bulletin_id
      where d.id = ${delivery} and d.state = 'waiting' and d.body is null`);
    if (!row) return;
    const content = await this.contents.content(row.orgUnitId, row);
    const body = bodyOf(row.kind, content, { id: delivery, t: (key, params) => this.catalogue.t('zh', key, params) });
    await this.db.run(sql`update reports.bulletin_delivery set body = ${body} where id = ${delivery} and body is null`);
  }

  private postOf({ id, body }: Claimed, { url, secret }: Target): Post {
    if (body === null) throw new Error('a delivery without words');
    const timestamp = String(Math.floor(this.clock.now().getTime() / 1000));
    const signed = secret === null ? {} : { 'x-starcare-delivery': id, ...signedHeaders(secret, { timestamp, body }) };
    return { url, body, headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'StarCare', ...signed } };
  }
}
