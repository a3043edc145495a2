import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CallOffers, DeskPorts } from '../../calls/desk/task-reasons.types.js';
import { Clock } from '../../kernel/clock.js';
import { addDays, type Day, dayOf } from '../../kernel/day.js';
import { LookUp } from '../../platform/process/look-up.js';
import type { Queryable } from '../../platform/database/database.js';
import { Catalogue, type Locale } from '../../platform/i18n/catalogue.js';
import { MessageValues, OptionalValue } from '../../messaging/wording/optional-values.types.js';
import { EntitlementQueries } from './entitlement.queries.js';
import type { Entitlement } from './partner-offers.types.js';
import { offerSentence } from './partner-offers.views.js';

/** A birthday or a member day within the week is worth a word on today's call. */
const CALL_AHEAD_DAYS = 7;
/** What can be said in one breath. */
const OFFERS_SAID = 3;

/** What a call tells of partners' offers (CAR-13). */
@Injectable()
export class PartnerCallOffers extends CallOffers implements OnModuleInit {
  private asked: { day: Day; offers: LookUp<Entitlement[]> } | undefined;

  constructor(
    private readonly entitlement: EntitlementQueries,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
    private readonly desk: DeskPorts,
  ) {
    super();
  }

  onModuleInit(): void {
    this.desk.registerOffers(this);
  }

  override async forCall({ customerId, day, locale }: { customerId: string; day: Day; locale: Locale }): Promise<string[]> {
    const entitled = (await this.ofDay(day).of(customerId)) ?? [];
    return entitled.slice(0, OFFERS_SAID).map(offerSentence(this.catalogue, locale, this.clock.now()));
  }

  /** The calls of one day: desks that open in the same moment ask together. */
  private ofDay(day: Day): LookUp<Entitlement[]> {
    if (this.asked?.day !== day) this.asked = { day, offers: new LookUp((customerIds) => this.find(day, customerIds)) };
    return this.asked.offers;
  }

  private async find(day: Day, customerIds: string[]): Promise<Map<string, Entitlement[]>> {
    const found = new Map<string, Entitlement[]>(customerIds.map((id) => [id, []]));
    for (const one of await this.entitlement.of(customerIds, day, { to: addDays(day, CALL_AHEAD_DAYS) })) found.get(one.customerId)?.push(one);
    return found;
  }
}

/** What a message tells of them: one sentence, that of an occasion before others, and only of what holds on the day it is sent (CAR-13). */
@Injectable()
export class PartnerOfferValue extends OptionalValue implements OnModuleInit {
  override readonly variable = 'partnerOffer';

  constructor(
    private readonly entitlement: EntitlementQueries,
    private readonly messages: MessageValues,
  ) {
    super();
  }

  onModuleInit(): void {
    this.messages.register(this);
  }

  override async forCustomers(customerIds: readonly string[], now: Date, on: Queryable): Promise<Map<string, string>> {
    const told = (await this.entitlement.of(customerIds, dayOf(now), { on })).filter(({ sentence }) => sentence !== null);
    // the first of each customer wins: a map keeps the last that is set
    return new Map(told.reverse().map(({ customerId, sentence }) => [customerId, sentence ?? '']));
  }
}
