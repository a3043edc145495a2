import { Injectable } from '@nestjs/common';
import { lookup as resolve } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { type AddressFault, addressFault, type Allowed, hostOf, mayConnect } from './address.js';

/** Why nothing came of a call: before the request was sent, or after (then the other side may have acted on it). */
export type OutgoingFault = AddressFault | 'host_unknown' | 'address_private' | 'connection_failed' | 'timed_out' | 'answer_too_long' | 'answer_lost';
export type Answer = { status: number; text: string } | { fault: OutgoingFault; /** The request had gone out. */ sent: boolean };

export interface Post {
  url: string;
  body: string;
  headers: Record<string, string>;
}

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 64 * 1024;

/**
 * Calls addresses that people have typed in. Nothing private is reached by it: the address is checked, the name is resolved once, each of its addresses is checked,
 * and the connection goes to one of exactly those. Redirects are not followed, the answer is cut at 64 KB, all of it takes ten seconds at most.
 */
@Injectable()
export class Outgoing {
  constructor(
    readonly allowed: Allowed,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  /** What is wrong with an address as it is written. */
  faultOf(url: string): AddressFault | undefined {
    return addressFault(url, this.allowed);
  }

  async post(call: Post): Promise<Answer> {
    const fault = this.faultOf(call.url);
    if (fault) return { fault, sent: false };
    const url = new URL(call.url);
    const addresses = await addressesOf(hostOf(url));
    if (!addresses) return { fault: 'host_unknown', sent: false };
    const [address] = addresses;
    if (!address || !mayConnect(hostOf(url), addresses, this.allowed)) return { fault: 'address_private', sent: false };
    return this.send(url, address, call);
  }

  private send(url: URL, address: string, { body, headers }: Post): Promise<Answer> {
    const family = isIP(address);
    return new Promise((done) => {
      let sent = false;
      const request = (url.protocol === 'http:' ? http : https).request(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        // the address that was checked, not one the name may have by now
        lookup: (_host, options, found) => (options.all ? found(null, [{ address, family }]) : found(null, address, family)),
        agent: false,
      });
      const timer = setTimeout(() => request.destroy(Object.assign(new Error('timed out'), { fault: 'timed_out' })), this.timeoutMs);
      const finish = (answer: Answer): void => {
        clearTimeout(timer);
        done(answer);
        request.destroy();
      };
      request.on('socket', (socket) => socket.once(url.protocol === 'http:' ? 'connect' : 'secureConnect', () => (sent = true)));
      request.on('error', (error: Error & { fault?: OutgoingFault }) =>
        finish({ fault: error.fault ?? (sent ? 'answer_lost' : 'connection_failed'), sent }),
      );
      request.on('response', (response) => read(response, finish));
      request.end(body);
    });
  }
}

async function addressesOf(host: string): Promise<string[] | undefined> {
  if (isIP(host)) return [host];
  try {
    return (await resolve(host, { all: true })).map(({ address }) => address);
  } catch {
    return undefined;
  }
}

function read(response: http.IncomingMessage, finish: (answer: Answer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER) finish({ fault: 'answer_too_long', sent: true });
    else chunks.push(chunk);
  });
  response.on('end', () => finish({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
  response.on('error', () => finish({ fault: 'answer_lost', sent: true }));
}
