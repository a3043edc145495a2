// Presses "next" once for each token over 100 kept connections, as wrk would: a process of its own, so that its work is not the server's.
// Reads { url, tokens } as JSON from stdin, writes { seconds, ids, statuses, p50, p99 } to stdout.
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

const { url, tokens } = JSON.parse(await text(process.stdin));
const agent = new Agent({ keepAlive: true, maxSockets: 100 });
const took = [];
const ids = [];
const statuses = {};

const press = (token) =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const options = { method: 'POST', agent, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': 2 } };
    const sent = request(`${url}/api/v1/call-desk/next`, options, async (answer) => {
      const body = await text(answer);
      took.push(performance.now() - started);
      statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
      if (answer.statusCode === 200) ids.push(JSON.parse(body).task.id);
      resolve();
    });
    sent.on('error', reject);
    sent.end('{}');
  });

const started = performance.now();
await Promise.all(tokens.map(press));
const seconds = (performance.now() - started) / 1000;
took.sort((a, b) => a - b);
const at = (share) => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))]);
process.stdout.write(JSON.stringify({ seconds, ids, statuses, p50: at(0.5), p99: at(0.99) }));
agent.destroy();
