import { Injectable } from '@nestjs/common';
import { type Erasure, HoldsPersonalData, type Person, type PersonalDataHolder } from '../customers/personal-data/personal-data.types.js';
import type { Queryable, Tx } from '../platform/database/database.js';
import { sql } from '../platform/database/sql.js';
import { ContactCommands } from './contact.commands.js';

/** The ledger, the do-not-contact list, protected states. */
@Injectable()
@HoldsPersonalData()
export class ContactPersonalData implements PersonalDataHolder {
  readonly section = 'contact';

  constructor(private readonly contact: ContactCommands) {}

  async export({ customerId, numbers }: Person, on: Queryable): Promise<Record<string, unknown>> {
    return {
      blocks: await on.rows(sql`
        select number, channel, scope, product_family, reason, source, until, created_at, lifted_at, lift_reason from contact.block
        where number = any(${numbers}::text[]) order by id`),
      touches: await on.rows(sql`
        select number, channel, purpose, allowed, state, reasons, source, at from contact.touch where customer_id = ${customerId} order by id`),
      protections: await on.rows(sql`
        select kind, ref, source, since, until, released_at from contact.protection where customer_id = ${customerId} order by since`),
      tests: await on.rows(sql`
        select number, allowed, reasons, source, at from contact.test_touch where number = any(${numbers}::text[]) order by id`),
      coolingOff: await on.rows(sql`select family, until, cause from contact.cooling_off where customer_id = ${customerId} order by family`),
    };
  }

  /**
   * Blocks stay, by number: they must still work when a file brings the number back. Whoever wants to be forgotten wants no marketing either, so the
   * numbers get an opt-out (GOV-2).
   */
  async erase(tx: Tx, { customerId, numbers }: Person, { by }: Erasure): Promise<Record<string, number>> {
    for (const number of numbers)
      await this.contact.block(tx, { number, channel: 'all', scope: 'marketing', reason: 'erased', source: 'erasure', actorId: by });
    return {
      'contact.block': numbers.length,
      'contact.touch': await tx.run(sql`update contact.touch set number = null where customer_id = ${customerId} and number is not null`),
      'contact.protection': await tx.run(sql`delete from contact.protection where customer_id = ${customerId}`),
      'contact.cooling_off': await tx.run(sql`delete from contact.cooling_off where customer_id = ${customerId}`),
      'contact.test_touch': await tx.run(sql`update contact.test_touch set number = null where number = any(${numbers}::text[])`),
      'contact.foreign_ask': await tx.run(sql`delete from contact.foreign_ask where customer_id = ${customerId}`),
    };
  }
}
