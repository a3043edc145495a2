import { Controller, Module, Post, Req } from '@nestjs/common';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import { AppModule } from '../../../src/app.module.js';
import { ManualClock } from '../../../src/kernel/clock.js';
import { readConfig } from '../../../src/platform/config/config.js';
import { createApp } from '../../../src/platform/http/create-app.js';
import { receiveUpload } from '../../../src/platform/http/upload.js';
import { StaffCommands } from '../../../src/staff/staff.commands.js';
import { PASSWORD } from '../../support/house.js';
import { TUESDAY_10 } from '../../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { csrfOf } from '../../support/visitor.js';

let folder = '';

@Controller()
class ProbeController {
  @Post(['probe', 'api/v1/probe'])
  @RouteConfig({ upload: true })
  async take(@Req() request: FastifyRequest): Promise<object> {
    const { path, ...rest } = await receiveUpload(request, folder);
    return { ...rest, content: await readFile(path, 'utf8') };
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

@Module({})
class WholeModule {}

describe('taking a file', () => {
  let app: NestFastifyApplication;
  let database: TestDatabase;
  let agent: ReturnType<typeof supertest.agent>;
  let token = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starcare-upload-'));
    database = await createTestDatabase();
    const config = readConfig({ LOG_LEVEL: 'silent' });
    const parts = { config, databaseUrl: database.url, clock: new ManualClock(new Date(TUESDAY_10)), autoStart: false };
    app = await createApp({ module: WholeModule, imports: [AppModule.register(parts), ProbeModule] }, { root: config.root, logLevel: 'silent' });
    await app.get(StaffCommands, { strict: false }).ensureAdmin(PASSWORD);
    await app.listen(0, '127.0.0.1');
    agent = supertest.agent(app.getHttpServer());
    const _csrf = csrfOf((await agent.get('/login')).text);
    await agent.post('/login').type('form').send({ _csrf, username: 'admin', password: PASSWORD });
    token = csrfOf((await agent.get('/account')).text);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });
  const kept = async (): Promise<number> => (await readdir(folder)).length;

  it('keeps no byte of a file that comes without a token, or before it', async () => {
    const before = await kept();
    expect((await agent.post('/probe').attach('file', Buffer.from('x'), 'a.csv')).status).toBe(403);
    expect((await agent.post('/probe').attach('file', Buffer.from('x'), 'a.csv').field('_csrf', token)).status).toBe(403);
    expect((await agent.post('/probe').field('_csrf', 'forged').attach('file', Buffer.from('x'), 'a.csv')).status).toBe(403);
    expect(await kept()).toBe(before);
  });

  it('says so when no file was chosen', async () => {
    const empty = await agent.post('/probe').field('_csrf', token);
    expect(empty.body).toMatchObject({ error: { code: 'file_missing', param: 'file' } });
    expect((await agent.post('/probe').send({ _csrf: token })).body).toMatchObject({ error: { code: 'file_missing' } });
  });

  it('takes the file with its fields, under a name that leads nowhere else', async () => {
    const answer = await agent
      .post('/probe')
      .field('_csrf', token)
      .field('feed', 'customers')
      .attach('file', Buffer.from('号码\n138'), '../../名单 11月.csv');
    expect(answer.body).toMatchObject({
      content: '号码\n138',
      bytes: 10,
      filename: expect.not.stringContaining('/') as string,
      fields: { feed: 'customers' },
    });
    expect((answer.body as { filename: string }).filename).toContain('名单 11月.csv');
  });

  it('takes it from a program by bearer token, never by cookie', async () => {
    expect((await agent.post('/api/v1/probe').attach('file', Buffer.from('x'), 'a.csv')).status).toBe(401);
    const { body } = await agent.post('/api/v1/session').send({ username: 'admin', password: PASSWORD });
    const bearer = `Bearer ${(body as { token: string }).token}`;
    const taken = await agent
      .post('/api/v1/probe')
      .set('authorization', bearer)
      .attach('file', Buffer.from('x'.repeat(300_000)), 'a.csv');
    expect(taken.body).toMatchObject({ bytes: 300_000 });
  });
});
