import { Injectable } from '@nestjs/common';
import type { Queryable } from '../../platform/database/database.js';
import { type CardRow, valuesFor } from './recipient-values.js';
import { OPTIONAL_VARIABLES, type Values } from './wording.js';

/** Whoever can fill a variable that may be empty: the modules above messaging implement it and register at module init. */
export abstract class OptionalValue {
  abstract readonly variable: (typeof OPTIONAL_VARIABLES)[number];
  /** What it says to each of the customers; somebody it has nothing for is left out. */
  abstract forCustomers(customerIds: readonly string[], now: Date, on: Queryable): Promise<ReadonlyMap<string, string>>;
}

/** What the variables of a wording say to each of a batch of people. */
@Injectable()
export class MessageValues {
  private readonly optional: OptionalValue[] = [];

  register(value: OptionalValue): void {
    this.optional.push(value);
  }

  /** Only what the wording names is asked for, once a batch. */
  async prepare(
    variables: readonly string[],
    cards: readonly CardRow[],
    { now, on }: { now: Date; on: Queryable },
  ): Promise<(card: CardRow) => Values> {
    const ids = cards.map(({ customerId }) => customerId);
    const own = valuesFor(variables, now);
    const named = OPTIONAL_VARIABLES.filter((variable) => variables.includes(variable));
    if (named.length === 0) return own;
    const asked = this.optional.filter(({ variable }) => named.includes(variable));
    const told = new Map(await Promise.all(asked.map(async (one) => [one.variable, await one.forCustomers(ids, now, on)] as const)));
    return (card) => ({ ...own(card), ...Object.fromEntries(named.map((variable) => [variable, told.get(variable)?.get(card.customerId) ?? ''])) });
  }
}
