import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config, isCollected, readConfig } from './platform/config/config.js';
import { freePort } from './platform/postgres/port.js';
import { StartError } from './platform/process/lifecycle.js';
import { hostFault, redisFault } from './platform/process/start-faults.js';
import { jsonVoice, PLAIN } from './platform/process/voice.js';
import { bootOn, embeddedDatabase, newLifecycle } from './start-up.js';

const voice = isCollected() ? jsonVoice() : PLAIN;
const lifecycle = newLifecycle(voice);

const portTaken = (port: number): StartError =>
  new StartError(`Port ${port} is taken, by another program or by a StarCare that already runs: end it, or set PORT.`);

async function listen(app: NestFastifyApplication, { port, host }: Config): Promise<string> {
  await app.listen(port, host).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? portTaken(port) : hostFault(error);
  });
  const { address, port: bound } = app.getHttpServer().address() as { address: string; port: number };
  return `http://${address === '0.0.0.0' || address === '::' ? 'localhost' : address}:${bound}`;
}

async function boot(): Promise<void> {
  const config = readConfig();
  // before the first start spends a minute on data
  if (config.port !== 0 && (await freePort(config.port)) !== config.port) throw portTaken(config.port);
  const databaseUrl = config.databaseUrl ?? (await embeddedDatabase(config, lifecycle));
  const { app, lines } = await bootOn(databaseUrl, config, { lifecycle });
  const address = await listen(app, config);
  voice.say(`StarCare 星关怀 is ready: ${address}`);
  lines.forEach((line) => voice.say(line));
  const fault = config.redisUrl ? await redisFault(config.redisUrl) : null;
  if (fault) voice.complain(fault);
}

void lifecycle.run(boot);
