import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppModule } from '../src/app.module.js';
import { ManualClock } from '../src/kernel/clock.js';
import { atTime } from '../src/kernel/day.js';
import { readConfig } from '../src/platform/config/config.js';
import { Database } from '../src/platform/database/database.js';
import { createApp } from '../src/platform/http/create-app.js';
import { StaffCommands } from '../src/staff/staff.commands.js';
import type { Benchmark, Way } from './frame.js';
import { fingerprint } from './random.js';
import { Replay } from './replay/replay.js';
import { judge, monthsFrom } from './replay/replay-judge.js';
import type { ReplaySize } from './replay/replay-world.js';

const MONTHS = 18;
const FROM = '2025-01-01';

const sizeOf = (customers: number, smoke: boolean): ReplaySize => ({
  seed: 20250101,
  customers,
  starDensity: 1,
  managers: Math.max(2, Math.round(customers / 4_000)),
  callsADay: 40,
  from: FROM,
  until: monthsFrom(FROM, smoke ? 1 : MONTHS),
  everyDays: 1,
  forecastEvery: 7,
});

/** Not a race: eighteen months of care lived through day by day, and a judge of its own who knows only the requirements. Every broken promise is printed and fails it. */
export const benchmark: Benchmark = {
  name: 'replay',
  rows: 20_000,
  smokeRows: 400,
  needsDatabase: true,
  async setUp({ rows, smoke, databaseUrl, say }) {
    const size = sizeOf(rows, smoke);
    const clock = new ManualClock(atTime(FROM, '00:00'));
    const dataDir = mkdtempSync(join(tmpdir(), 'starcare-replay-'));
    const config = { ...readConfig({}), dataDir, databaseUrl, port: 0 };
    const module = AppModule.register({ config, databaseUrl, clock, autoStart: false });
    const app = await createApp(module, { root: config.root, logLevel: 'info', logFile: join(dataDir, 'starcare.log') });
    await app.get(StaffCommands, { strict: false }).ensureAdmin('bench-only'); // before anything else, as main does
    await app.init();
    const replay = new Replay(app, clock, size);
    await replay.prepare();
    const wrong: string[] = [];
    const life: Way = {
      name: `${smoke ? 1 : MONTHS} months of care`,
      run: async () => {
        await replay.run();
        const { faults, digest, ...figures } = await judge(app.get(Database, { strict: false }), replay.fates, size, replay.reported);
        say(JSON.stringify({ calls: replay.calls, ...figures }));
        say(`digest ${digest}`);
        wrong.push(...faults);
        return replay.calls;
      },
    };
    const close = async (): Promise<void> => {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    };
    const input = fingerprint().update(JSON.stringify(size)).digest('hex');
    return { input, unit: 'calls', ways: [life], goals: [], check: () => Promise.resolve(wrong), close };
  },
};
