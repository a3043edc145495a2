import { Injectable } from '@nestjs/common';
import type { Queryable } from '../platform/database/database.js';
import type { SmsStep } from './campaigns.types.js';

/** A second person's word, or the client's. */
export type Word = 'second' | 'client';

/** What the texts of a campaign need before it starts. The module that sends implements it and registers at module init. */
export abstract class MessageWords {
  /** Whose word a message to so many needs (SMS-3). */
  abstract neededFor(people: number, on: Queryable): Promise<readonly Word[]>;
  /** The wordings that would be sent now: another one is another thing to approve. */
  abstract wordings(codes: readonly string[], on: Queryable): Promise<string>;
}

/** Where it hands itself over: campaigns may not import it. */
@Injectable()
export class StepWords {
  private words: MessageWords | undefined;

  register(words: MessageWords): void {
    this.words = words;
  }

  /** Whose word the texts of a campaign need, whatever the house wants for its calls. @param customers at most so many are written to */
  async needed({ smsStep }: { smsStep: SmsStep | null }, customers: number, on: Queryable): Promise<readonly Word[]> {
    return smsStep !== null && this.words !== undefined ? this.words.neededFor(customers, on) : [];
  }

  /** Empty of a campaign without texts. */
  async wordings({ smsStep }: { smsStep: SmsStep | null }, on: Queryable): Promise<string> {
    if (smsStep === null || this.words === undefined) return '';
    return this.words.wordings(
      smsStep.templates.map(({ code }) => code),
      on,
    );
  }
}
