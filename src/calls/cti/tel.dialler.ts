import { Injectable } from '@nestjs/common';
import type { Dialler } from './dialler.types.js';

/** The agent's own telephone, desk or soft: the browser hands it the number. */
@Injectable()
export class TelDialler implements Dialler {
  readonly code = 'tel';

  href(number: string): string {
    return `tel:${number}`;
  }

  /** The browser has done it. */
  dial(): Promise<void> {
    return Promise.resolve();
  }
}
