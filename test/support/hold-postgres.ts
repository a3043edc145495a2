// A process of its own that starts the embedded server and holds it until its input closes: what the fault tests kill.
import { startPostgres } from '../../src/platform/postgres/postgres.js';

const [dataDir = '', port = '0'] = process.argv.slice(2);
const say = (event: string, rest: object = {}): void => console.log(JSON.stringify({ event, ...rest }));

async function hold(): Promise<void> {
  const server = await startPostgres({ root: process.cwd(), dataDir, port: Number(port), durable: false, tell: (line) => say('told', { line }) });
  say('up', { port: server.port, owned: server.owned, ownerPid: server.ownerPid, url: server.url });
  process.stdin.resume().once('end', () => void server.stop().then(() => say('stopped')));
}

hold().catch((error: Error) => {
  say('refused', { line: error.message });
  process.exit(1);
});
