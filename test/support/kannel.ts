import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Pdu, type Server, type Session } from 'smpp';
import { freePort } from './redis-server.js';
import { until } from './until.js';

/** A message as the network got it. */
export interface Submitted {
  from: string;
  to: string;
  text: string;
  coding: number;
  wantsReceipt: boolean;
  /** Minutes from now; null: as long as the centre keeps messages. */
  goodFor: number | null;
  id: string;
}

interface SubmitPdu {
  source_addr: string;
  destination_addr: string;
  data_coding: number;
  registered_delivery: number;
  short_message: { message: string };
  validity_period: unknown;
}

/** A message centre on the smpp package: takes what Kannel submits, tells what a test wants told. */
export class Centre {
  readonly submitted: Submitted[] = [];
  /** Status of the answer to a submit; 0 takes it. */
  status: (message: Submitted) => number = () => 0;
  private readonly sessions = new Set<Session>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((session) => this.meet(session));
  }

  static async start(): Promise<Centre> {
    const centre = new Centre();
    await new Promise<void>((resolve) => centre.server.listen(0, '127.0.0.1', resolve));
    return centre;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get bound(): boolean {
    return this.sessions.size > 0;
  }

  /** A receipt as most networks write it. */
  report({ id, to, from }: Submitted, stat: string, err = '000'): void {
    const text = `id:${id} sub:001 dlvrd:001 submit date:2611241000 done date:2611241001 stat:${stat} err:${err} text:`;
    this.deliver({ source_addr: to, destination_addr: from, esm_class: 4, short_message: text });
  }

  /** What a customer writes; Chinese text goes as UCS-2. */
  write(from: string, to: string, text: string): void {
    const chinese = /[^\x20-\x7e]/.test(text);
    this.deliver({ source_addr: from, destination_addr: to, esm_class: 0, data_coding: chinese ? 8 : 0, short_message: text });
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private deliver(fields: Record<string, unknown>): void {
    const [session] = this.sessions;
    if (!session) throw new Error('nobody is bound');
    session.deliver_sm({ source_addr_ton: 1, source_addr_npi: 1, ...fields });
  }

  private meet(session: Session): void {
    const ok = (pdu: Pdu): void => void session.send(pdu.response());
    session.on('bind_transceiver', (pdu) => {
      ok(pdu);
      this.sessions.add(session);
    });
    session.on('submit_sm', (pdu) => this.take(session, pdu));
    session.on('enquire_link', ok);
    session.on('unbind', ok);
    session.on('error', () => undefined);
    session.on('close', () => this.sessions.delete(session));
  }

  private take(session: Session, pdu: Pdu): void {
    const {
      source_addr: from,
      destination_addr: to,
      data_coding: coding,
      registered_delivery,
      short_message,
      validity_period,
    } = pdu as Pdu & SubmitPdu;
    const id = String(1000 + this.submitted.length);
    const goodFor = validity_period instanceof Date ? Math.round((validity_period.getTime() - Date.now()) / 60_000) : null;
    const taken = { from, to, text: short_message.message, coding, wantsReceipt: registered_delivery > 0, goodFor, id };
    const status = this.status(taken);
    if (status === 0) this.submitted.push(taken);
    session.send(pdu.response(status === 0 ? { message_id: id } : { command_status: status }));
  }
}

export interface Kannel {
  url: string;
  stop(): Promise<void>;
}

export const USER = { username: 'star', password: 'care' };

/** A real Kannel of its own: bearerbox and smsbox on free ports, bound to a centre as transceiver. `service` is its group for what customers write. */
export async function startKannel(centre: Centre, service: string): Promise<Kannel> {
  const [admin, boxes, sendsms] = [await freePort(), await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'kannel-'));
  await writeFile(join(folder, 'kannel.conf'), configuration({ admin, boxes, sendsms, smsc: centre.port, folder }) + service);
  const bearerbox = await launch('bearerbox', folder, boxes);
  const smsbox = await launch('smsbox', folder, sendsms);
  await until('Kannel is bound', () => centre.bound);
  return {
    url: `http://127.0.0.1:${sendsms}`,
    stop: async () => {
      await end(smsbox);
      await end(bearerbox);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(to: { admin: number; boxes: number; sendsms: number; smsc: number; folder: string }): string {
  return `
group = core
admin-port = ${to.admin}
admin-password = none
admin-interface = 127.0.0.1
smsbox-port = ${to.boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
log-level = 2
log-file = "${to.folder}/bearerbox.log"

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = ${to.smsc}
transceiver-mode = true
smsc-username = star
smsc-password = care
system-type = VMA
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = ${to.boxes}
sendsms-port = ${to.sendsms}
sendsms-interface = 127.0.0.1
log-level = 2
log-file = "${to.folder}/smsbox.log"

group = sendsms-user
username = ${USER.username}
password = ${USER.password}
max-messages = 10
concatenation = true

`;
}

/** A box that takes connections at its port; one that does not, says why in the error. */
async function launch(program: string, folder: string, port: number): Promise<ChildProcess> {
  const box = spawn(program, [join(folder, 'kannel.conf')], { cwd: folder, stdio: 'ignore' });
  try {
    await until(`${program} takes port ${port}`, () => hasEnded(box) || isOpen(port));
    if (hasEnded(box)) throw new Error(`${program} ended before it took port ${port}`);
  } catch (error) {
    await end(box);
    throw new Error(await lastWords(join(folder, `${program}.log`)), { cause: error });
  }
  return box;
}

const lastWords = (file: string): Promise<string> => readFile(file, 'utf8').then((log) => log.slice(-1500));

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const open = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
  socket.destroy();
  return open;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(patience);
}
