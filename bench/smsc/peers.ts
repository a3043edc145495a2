import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Smsc } from './smsc.js';

const WINDOW = 100;
const TEXT = '【中国电信】王女士您好，您的业务已办理，感谢您的支持';

interface Session {
  bind_transceiver(fields: object, done: () => void): void;
  submit_sm(fields: object, done: (answer: { command_status: number }) => void): void;
  close(): void;
  destroy(): void;
}

/** The limit: the `smpp` package alone, a window of 100, no database, no receipts. */
export async function bareClient(smsc: Smsc, messages: number): Promise<number> {
  const name: string = 'smpp'; // has no types of its own
  const { connect } = (await import(name)) as { connect(to: { url: string }, done: () => void): Session };
  const session = await new Promise<Session>((resolve) => {
    const made = connect({ url: `smpp://127.0.0.1:${smsc.port}` }, () =>
      made.bind_transceiver({ system_id: 'bench', password: 'bench' }, () => resolve(made)),
    );
  });
  await new Promise<void>((resolve) => {
    let next = 0;
    let open = 0;
    let answered = 0;
    const fill = (): void => {
      for (; open < WINDOW && next < messages; next += 1) {
        open += 1;
        session.submit_sm({ destination_addr: `+86${13_000_000_000 + next}`, data_coding: 8, short_message: TEXT }, () => {
          open -= 1;
          answered += 1;
          if (answered === messages) resolve();
          else fill();
        });
      }
    };
    fill();
  });
  session.destroy();
  return messages;
}

export const kannelInstalled = (): boolean => existsSync('/usr/sbin/bearerbox') && existsSync('/usr/sbin/smsbox');

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Kannel with a spool store: what it takes over survives a crash. No templates, no eligibility, no row a recipient, no receipts. */
export class Kannel {
  private constructor(
    private readonly folder: string,
    private readonly boxes: ChildProcess[],
    private readonly port: number,
  ) {}

  static async start(smsc: Smsc): Promise<Kannel> {
    const folder = mkdtempSync(join(tmpdir(), 'starcare-kannel-'));
    mkdirSync(join(folder, 'store'));
    const [admin, boxes, http] = [await freePort(), await freePort(), await freePort()];
    writeFileSync(
      join(folder, 'kannel.conf'),
      [
        `group = core\nadmin-port = ${admin}\nadmin-password = bench\nsmsbox-port = ${boxes}\nlog-file = "${folder}/core.log"\nlog-level = 2\nstore-type = spool\nstore-location = "${folder}/store"\n`,
        `group = smsc\nsmsc = smpp\nsmsc-id = bench\nhost = 127.0.0.1\nport = ${smsc.port}\nsmsc-username = bench\nsmsc-password = bench\nsystem-type = ""\ntransceiver-mode = true\nmax-pending-submits = ${WINDOW}\n`,
        `group = smsbox\nbearerbox-host = 127.0.0.1\nbearerbox-port = ${boxes}\nsendsms-port = ${http}\nlog-file = "${folder}/smsbox.log"\nlog-level = 2\n`,
        'group = sendsms-user\nusername = bench\npassword = bench\nmax-messages = 10\n',
      ].join('\n'),
    );
    const conf = join(folder, 'kannel.conf');
    const bearer = spawn('/usr/sbin/bearerbox', [conf], { stdio: 'ignore' });
    await pause(1500);
    const sms = spawn('/usr/sbin/smsbox', [conf], { stdio: 'ignore' });
    await pause(1500);
    return new Kannel(folder, [sms, bearer], http);
  }

  /** All posted over fifty kept connections, and all arrived at the SMSC. */
  async send(smsc: Smsc, messages: number): Promise<number> {
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    let next = 0;
    const refused: number[] = [];
    const post = (n: number): Promise<void> =>
      new Promise((resolve, reject) => {
        const to = `%2B86${13_000_000_000 + n}`;
        const path = `/cgi-bin/sendsms?username=bench&password=bench&from=10000&to=${to}&coding=2&charset=UTF-8&text=${encodeURIComponent(TEXT)}`;
        const sent = request({ host: '127.0.0.1', port: this.port, path, agent }, (answer) => {
          if (answer.statusCode !== 202) refused.push(answer.statusCode ?? 0);
          answer.resume().on('end', resolve);
        });
        sent.on('error', reject);
        sent.end();
      });
    const runner = async (): Promise<void> => {
      while (next < messages) await post(next++);
    };
    await Promise.all(Array.from({ length: 50 }, runner));
    agent.destroy();
    if (refused.length > 0) throw new Error(`Kannel refused ${refused.length} messages: ${refused[0]}`);
    while ((await smsc.count()).numbers < messages) await pause(20);
    return messages;
  }

  /** Twice is as once. */
  async stop(): Promise<void> {
    for (const box of this.boxes.splice(0)) {
      const ended = new Promise((resolve) => box.once('exit', resolve));
      box.kill('SIGTERM');
      await Promise.race([ended, pause(5000)]);
      box.kill('SIGKILL');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
