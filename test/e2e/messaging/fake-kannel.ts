import { createServer, type IncomingMessage, type Server, type ServerResponse, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** `before`: the connection breaks while the request comes in; `after`: the message is taken, the answer never comes. */
export type Manner = { status: number; body: string; headers?: OutgoingHttpHeaders } | 'before' | 'after' | 'silent';

export interface Asked {
  to: string;
  text: string;
  coding: string;
  dlrUrl: string;
  query: URLSearchParams;
}

export const TAKEN: Manner = { status: 202, body: '0: Accepted for delivery' };

/** The little of Kannel's sendsms that a test wants, with the manners it wants. */
export class FakeKannel {
  manner: (asked: Asked, nth: number) => Manner | Promise<Manner> = () => TAKEN;
  readonly asked: Asked[] = [];
  readonly taken: Asked[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<FakeKannel> {
    const fake = new FakeKannel();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/cgi-bin/sendsms`;
  }

  get connections(): number {
    return this.sockets.size;
  }

  forget(): void {
    this.manner = () => TAKEN;
    this.asked.length = 0;
    this.taken.length = 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URL(request.url ?? '/', 'http://fake').searchParams;
    const word = (name: string): string => query.get(name) ?? '';
    const asked = { to: word('to'), text: word('text'), coding: word('coding'), dlrUrl: word('dlr-url'), query };
    const manner = await this.manner(asked, this.asked.push(asked) - 1);
    if (manner === 'after' || manner === 'silent' || (typeof manner === 'object' && manner.status === 202)) this.taken.push(asked);
    if (manner === 'before' || manner === 'after') request.socket.destroy();
    else if (manner !== 'silent') response.writeHead(manner.status, { 'content-type': 'text/html', ...manner.headers }).end(manner.body);
  }
}

/** The address as Kannel would call it, with its escapes filled in. */
export function reportAddress(dlrUrl: string, type: number, answer = '', ref = '7'): string {
  const filled: Record<string, string> = { d: String(type), A: encodeURIComponent(answer), F: ref, i: 'f1', T: '1764000000' };
  const url = new URL(dlrUrl.replace(/%([dAFiT])/g, (_, escape: string) => filled[escape] ?? ''));
  return `${url.pathname}${url.search}`;
}
