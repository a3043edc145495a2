import { ContactCommands } from '../../src/contact/contact.commands.js';
import { BlastIntents } from '../../src/messaging/sending/blast-intents.commands.js';
import { CuttingCommands } from '../../src/messaging/sending/cutting.commands.js';
import { ReceiptLog } from '../../src/messaging/receipts/receipt-log.commands.js';
import { ReceiptsCommands } from '../../src/messaging/receipts/receipts.commands.js';
import type { PostHouse } from './house.js';

const STAGES = [
  ['read the cards', BlastIntents, 'cards'],
  ['render', BlastIntents, 'draft'],
  ['gate', CuttingCommands, 'askGate'],
  ['persist the intents', BlastIntents, 'commit'],
  ['cut, whole', CuttingCommands, 'cut'],
  ['last look', ContactCommands, 'recheckOptOuts'],
  ['append acceptances', ReceiptLog, 'accepted'],
  ['append receipts', ReceiptLog, 'append'],
  ['merge marks and receipts', ReceiptsCommands, 'merge'],
] as const;

type Step = (...args: unknown[]) => Promise<unknown>;

/** A stopwatch around each stage of the engine. Stages overlap: their sum is more than the time on the wall. */
export class Stages {
  private readonly took = new Map<string, { seconds: number; times: number }>();
  private cpu = process.cpuUsage();

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

  begin(): void {
    this.took.clear();
    this.cpu = process.cpuUsage();
  }

  end(): void {
    this.cpu = process.cpuUsage(this.cpu);
  }

  tell(messages: number): string[] {
    const { user, system } = this.cpu;
    const stages = STAGES.map(([name]) => {
      const { seconds, times } = this.took.get(name) ?? { seconds: 0, times: 0 };
      return `  ${name}\t${seconds.toFixed(2)} s in ${times} calls\t${Math.round(messages / seconds)} msg/s`;
    });
    return [
      ...stages,
      `  processor time of this process\t${((user + system) / 1e6).toFixed(2)} s\t${((user + system) / messages).toFixed(1)} µs a message`,
    ];
  }
}
