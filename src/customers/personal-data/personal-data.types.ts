/**
 * How a module answers for what it holds of a person (SYS-6): `@Injectable() @HoldsPersonalData() export class CallsPersonalData implements
 * PersonalDataHolder { … }` in its `<module>-personal-data.commands.ts`, listed among the providers of its own Nest module. A table with a customer's
 * number, name or id has a holder that knows it.
 */
import { DiscoveryService } from '@nestjs/core';
import type { Queryable, Tx } from '../../platform/database/database.js';

export const HoldsPersonalData = DiscoveryService.createDecorator();

export interface Person {
  customerId: string;
  name: string | null;
  /** E.164 */
  numbers: readonly string[];
}

export interface Erasure {
  at: Date;
  /** Who does it. */
  by: string;
}

export interface PersonalDataHolder {
  /** Name of its part of the export: the module's. */
  readonly section: string;
  /** Everything it knows of the person, lists by name. Sealed texts masked. */
  export(person: Person, on: Queryable): Promise<Record<string, unknown>>;
  /**
   * Takes the identity out of everything it holds: rows that figures are made of stay without number, name and words, the others go.
   * @returns how many rows of each kind it touched
   * @throws DomainError erasure_busy (409) while something is under way with the person that must end first
   */
  erase(tx: Tx, person: Person, erasure: Erasure): Promise<Record<string, number>>;
}
