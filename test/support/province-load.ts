import { setTimeout as pace } from 'node:timers/promises';
import { Agent as Connections, request } from 'node:http';

export const PASSWORD = 'starcare-fault';

export interface Answer {
  status: number;
  body: unknown;
}

/** One request by one connection of its own pool. Rejects when the connection breaks, as a proxy would see it. */
function send(address: string, method: string, path: string, options: { token?: string; body?: object; pool: Connections }): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(options.token ? { authorization: `Bearer ${options.token}` } : {}) };
  return new Promise((resolve, reject) => {
    const sent = request(`${address}/api/v1${path}`, { method, headers, agent: options.pool }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('error', reject).on('end', () => resolve({ status: answer.statusCode ?? 0, body: text ? JSON.parse(text) : undefined }));
    });
    sent.on('error', reject).end(options.body ? JSON.stringify(options.body) : undefined);
  });
}

/** A process that is ending takes nothing new and says so: as good as closed. */
function unlessEnding(answer: Answer): Answer {
  if (answer.status === 503) throw new Error('it is ending');
  return answer;
}

/** The web processes as whoever stands before them knows them: in turn, and the next one where one does not answer. */
export class Doors {
  readonly addresses: string[] = [];
  /** Answers that no fault of a process excuses. */
  readonly complaints: string[] = [];
  broken = 0;
  private turn = 0;
  /** The one that did not answer last: left out until another one does not. */
  private closed: string | undefined;
  private readonly pool = new Connections({ keepAlive: true });

  /** Once, at the next door. Rejects when that one does not answer. */
  async once(method: string, path: string, token?: string, body?: object): Promise<Answer> {
    this.turn += 1;
    const open = this.addresses.filter((each) => each !== this.closed);
    const address = open[this.turn % open.length] ?? this.addresses[0] ?? '';
    const asked = send(address, method, path, { pool: this.pool, ...(token ? { token } : {}), ...(body ? { body } : {}) });
    const answer = await asked.then(unlessEnding).catch((error: unknown) => {
      this.broken += 1;
      this.closed = address;
      throw error;
    });
    if (answer.status >= 500) this.complaints.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** For what may be asked twice: at the other door when one is closed. */
  async ask(method: string, path: string, token?: string, body?: object): Promise<Answer> {
    for (;;) {
      try {
        return await this.once(method, path, token, body);
      } catch {
        await pace(50);
      }
    }
  }

  async must(method: string, path: string, token?: string, body?: object): Promise<unknown> {
    const answer = await this.ask(method, path, token, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async logIn(username: string): Promise<string> {
    return ((await this.must('POST', '/session', undefined, { username, password: PASSWORD })) as { token: string }).token;
  }

  close(): void {
    this.pool.destroy();
  }
}

/** A manager at the desk: takes the next customer, records the call, some times a second, and logs in anew now and then. */
export class Manager {
  /** Calls whose record was confirmed. */
  recorded = 0;
  private stopping = false;
  private work: Promise<void> | undefined;

  constructor(
    private readonly doors: Doors,
    private readonly username: string,
  ) {}

  start(): void {
    this.work = this.run();
  }

  /** Ends after the customer in hand. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.work;
  }

  private async run(): Promise<void> {
    let token = await this.doors.logIn(this.username);
    for (let calls = 1; !this.stopping; calls += 1) {
      await this.call(token);
      if (calls % 10 === 0) token = await this.doors.logIn(this.username);
      await pace(200);
    }
  }

  /** When the record is cut off nobody knows whether it counts; the desk asks for the next customer then, and gets the same one if not. */
  private async call(token: string): Promise<void> {
    let task = await this.next(token);
    while (task) {
      const outcome = { outcome: 'reached', talkSeconds: 30 };
      const answer = await this.doors.once('POST', `/tasks/${task}/attempts`, token, outcome).catch(() => undefined);
      if (answer?.status === 201) {
        this.recorded += 1;
        return;
      }
      if (answer) this.doors.complaints.push(`task ${task}: ${answer.status} ${JSON.stringify(answer.body)}`);
      const again: string | undefined = await this.next(token);
      if (again !== task) this.recorded += 1; // it did count
      task = again;
    }
  }

  private async next(token: string): Promise<string | undefined> {
    const answer = await this.doors.ask('POST', '/call-desk/next', token, {});
    if (answer.status !== 200) this.doors.complaints.push(`next: ${answer.status}`);
    return (answer.body as { task?: { id: string } } | undefined)?.task?.id;
  }
}
