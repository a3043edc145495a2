import { Injectable } from '@nestjs/common';
import type { Queryable } from '../platform/database/database.js';

/** Whether a message to so many needs somebody's word (SMS-3). The module that sends implements it and registers at module init. */
export abstract class MessageWords {
  abstract neededFor(people: number, on: Queryable): Promise<boolean>;
}

/** Where it hands itself over: campaigns may not import it. */
@Injectable()
export class StepWords {
  private words: MessageWords | undefined;

  register(words: MessageWords): void {
    this.words = words;
  }

  /** Whether the texts of a campaign need a word, whatever the house wants for its calls. @param customers at most so many are written to */
  async needed({ smsStep }: { smsStep: object | null }, customers: number, on: Queryable): Promise<boolean> {
    return smsStep !== null && this.words !== undefined && this.words.neededFor(customers, on);
  }
}
