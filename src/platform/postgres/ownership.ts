import pg from 'pg';

// A session-level lock of the server itself: it ends with the process that holds it, however that process ends.
const OWNER_LOCK = 7_203_110_001;
const LABEL = 'starcare owner';

/**
 * Exactly one process owns an embedded server: it may stop it, and it restarts it when it dies. Being a lock inside the server,
 * ownership needs no pid file that a kill -9 would leave behind.
 */
export class Ownership {
  private released = false;

  private constructor(private readonly client: pg.Client) {}

  /** @returns the ownership, or the process id of the owner (undefined: not known). */
  static async claim(adminUrl: string, onLost: () => void): Promise<Ownership | { ownerPid: number | undefined }> {
    const client = new pg.Client({ connectionString: adminUrl, application_name: `${LABEL} ${process.pid}`, keepAlive: true });
    client.on('error', () => undefined); // the statement under way rejects, and 'end' follows
    await client.connect();
    const answer = await client.query<{ ok: boolean }>('select pg_try_advisory_lock($1) as ok', [OWNER_LOCK]);
    if (answer.rows[0]?.ok) {
      const own = new Ownership(client);
      client.on('end', () => {
        if (!own.released) onLost();
      });
      return own;
    }
    const owner = await client.query<{ name: string }>(
      "select application_name as name from pg_stat_activity where application_name like $1 || ' %' and pid <> pg_backend_pid()",
      [LABEL],
    );
    await client.end();
    const pid = Number(owner.rows[0]?.name.slice(LABEL.length));
    return { ownerPid: Number.isInteger(pid) && pid > 0 ? pid : undefined };
  }

  async release(): Promise<void> {
    this.released = true;
    await this.client.end().catch(() => undefined);
  }
}
