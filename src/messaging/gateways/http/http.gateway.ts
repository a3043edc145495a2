import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { DomainError } from '../../../kernel/errors.js';
import { Gateway, type GatewayAccount, NothingSent, type OutgoingMessage, type SubmitResult } from '../gateway.types.js';
import { GatewaySecrets, type Secrets } from '../gateway-secrets.js';
import { type HttpSettings, httpSettings } from '../gateway-settings.policy.js';
import { signMessage } from './callback-signature.js';
import { HttpLine } from './http-line.js';
import { receiptUrl, resultOf, sendRequest } from './kannel.policy.js';

interface Way {
  line: HttpLine;
  /** What the line was made for; other settings need another. */
  made: string;
}

/** HTTP in the dialect of Kannel's sendsms: one request a message, receipts by call back. */
@Injectable()
export class HttpGateway extends Gateway implements OnApplicationShutdown {
  readonly kind = 'http';
  private readonly ways = new Map<string, Way>();

  constructor(
    private readonly secrets: GatewaySecrets,
    private readonly clock: Clock,
  ) {
    super();
  }

  async submit(account: GatewayAccount, batch: readonly OutgoingMessage[]): Promise<SubmitResult[]> {
    const settings = httpSettings(account.settings);
    const secrets = await this.open(account.code);
    const line = this.line(account.code, settings);
    const lanes = Math.max(1, Math.min(settings.connections, account.window, batch.length));
    const results: SubmitResult[] = [];
    const rest = [...batch].reverse();
    let stop: SubmitResult | undefined;
    const lane = async (): Promise<void> => {
      for (let message = rest.pop(); message; message = rest.pop()) {
        // once it is too busy, or unreachable, the ones it has not heard of share that answer
        const result = stop ? { ...stop, id: message.id } : await this.send(line, message, { account, settings, secrets });
        if (result.outcome === 'throttled' || result.outcome === 'not_sent') stop = result;
        results.push(result);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return results;
  }

  /** The dialect has no question for what became of a message: its reports settle a doubt, or a person. */
  lookUp(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.ways.values()].map(({ line }) => line.close()));
  }

  private async send(
    line: HttpLine,
    message: OutgoingMessage,
    { account, settings, secrets }: { account: GatewayAccount; settings: HttpSettings; secrets: Secrets },
  ): Promise<SubmitResult> {
    const { id } = message;
    const dlrUrl = receiptUrl(settings.callbackUrl, account.code, { id, sig: signMessage(secrets.callbackKey, account.code, id) });
    const answer = await line.call(sendRequest(message, { settings, password: secrets.password, dlrUrl, now: this.clock.now() }));
    if ('status' in answer) return resultOf(id, answer);
    return answer.sent ? { id, outcome: 'unknown' } : { id, outcome: 'not_sent', code: answer.fault };
  }

  private async open(code: string): Promise<Secrets> {
    try {
      const secrets = await this.secrets.open(code);
      if (secrets) return secrets;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new NothingSent(error.code, { cause: error });
    }
    throw new NothingSent('no password is kept');
  }

  private line(code: string, { url, connections, timeoutSeconds }: HttpSettings): HttpLine {
    const { origin } = new URL(url);
    const made = [origin, connections, timeoutSeconds].join(' ');
    const known = this.ways.get(code);
    if (known?.made === made) return known.line;
    // what is on its way over the old connections still gets its answer
    if (known) void known.line.close();
    const line = new HttpLine(origin, { connections }, timeoutSeconds * 1000);
    this.ways.set(code, { line, made });
    return line;
  }
}
