/** One connected client of a gateway's account. */
export interface StandingClient {
  stop(): Promise<void>;
}

interface Standing<Client> {
  /** What it was opened with: another one needs another client. */
  print: string;
  client: Client;
}

/** The clients of this process, one an account, kept while its settings stay as they are. */
export class ClientPool<Client extends StandingClient> {
  private readonly standing = new Map<string, Standing<Client>>();
  private readonly leaving = new Set<Promise<void>>();
  private over = false;

  /** @returns undefined once the pool is closed */
  get(code: string, print: string, open: () => Client): Client | undefined {
    const found = this.standing.get(code);
    if (found?.print === print) return found.client;
    if (found) this.drop(code);
    if (this.over) return undefined;
    const client = open();
    this.standing.set(code, { print, client });
    return client;
  }

  /** Ends the clients of accounts that are no longer in use. */
  keepOnly(codes: ReadonlySet<string>): void {
    for (const code of this.standing.keys()) if (!codes.has(code)) this.drop(code);
  }

  /** Says goodbye everywhere. */
  async close(): Promise<void> {
    this.over = true;
    this.keepOnly(new Set());
    await Promise.all(this.leaving);
  }

  private drop(code: string): void {
    const found = this.standing.get(code);
    this.standing.delete(code);
    if (!found) return;
    const left = found.client.stop().finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }
}
