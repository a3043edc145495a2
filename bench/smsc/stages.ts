import { ContactCommands } from '../../src/contact/contact.commands.js';
import { HandOverCommands } from '../../src/messaging/hand-over.commands.js';
import { ReceiptLog } from '../../src/messaging/receipt-log.commands.js';
import { ReceiptsCommands } from '../../src/messaging/receipts.commands.js';
import type { PostHouse } from './house.js';

const STAGES = [
  ['read the cards', HandOverCommands, 'nextCards'],
  ['render', HandOverCommands, 'draft'],
  ['gate', HandOverCommands, 'askGate'],
  ['persist the intents', HandOverCommands, 'commitIntents'],
  ['cut, whole', HandOverCommands, 'cut'],
  ['last look', ContactCommands, 'recheckOptOuts'],
  ['append acceptances', ReceiptLog, 'accepted'],
  ['append receipts', ReceiptLog, 'append'],
  ['merge marks and receipts', ReceiptsCommands, 'applyChunk'],
] as const;

type Step = (...args: unknown[]) => Promise<unknown>;

/** A stopwatch around each stage of the engine. Stages overlap: their sum is more than the time on the wall. */
export class Stages {
  private readonly took = new Map<string, { seconds: number; times: number }>();

  constructor(house: PostHouse) {
    for (const [name, type, method] of STAGES) {
      const part = house.get<object>(type) as Record<string, Step>;
      const step = part[method]?.bind(part);
      if (!step) throw new Error(`the engine has no ${method} any more`);
      part[method] = async (...args) => {
        const begin = performance.now();
        try {
          return await step(...args);
        } finally {
          const sum = this.took.get(name) ?? { seconds: 0, times: 0 };
          this.took.set(name, { seconds: sum.seconds + (performance.now() - begin) / 1000, times: sum.times + 1 });
        }
      };
    }
  }

  clear(): void {
    this.took.clear();
  }

  tell(messages: number): string[] {
    return STAGES.map(([name]) => {
      const { seconds, times } = this.took.get(name) ?? { seconds: 0, times: 0 };
      return `  ${name}\t${seconds.toFixed(2)} s in ${times} calls\t${Math.round(messages / seconds)} msg/s`;
    });
  }
}
