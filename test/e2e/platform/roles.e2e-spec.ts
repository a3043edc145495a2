import { Relay } from '../../../src/platform/jobs/relay.js';
import { ScheduleTicker } from '../../../src/platform/jobs/schedule-ticker.js';
import { type ApiClient, createHouse } from '../../support/house.js';
import { programOnPath } from '../../support/programs.js';
import { startRedis } from '../../support/redis-server.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { until } from '../../support/until.js';

describe('SYS-4 the two roles of one installation', () => {
  let web: TestApp;
  let worker: TestApp | undefined;
  let admin: ApiClient;

  beforeAll(async () => {
    web = await createTestApp({ config: { role: 'web', logLevel: 'silent' }, autoStart: true });
    admin = await (await createHouse(web))('admin');
  });
  afterAll(async () => {
    await worker?.close();
    await web.close();
  });

  it('ROLE=web serves pages and API and runs no jobs: what it is asked for waits for a worker', async () => {
    expect((await web.http.get('/login')).status).toBe(200);
    expect(() => web.app.get(Relay, { strict: false })).toThrow();
    expect(() => web.app.get(ScheduleTicker, { strict: false })).toThrow();
    const asked = await admin.upload('/imports?feed=customers', 'phone,name\n13800000001,陈志远\n');
    expect(asked.status).toBe(202);
    const { id } = asked.body as { id: string };
    expect((await admin.get(`/imports/${id}`)).body).toMatchObject({ state: 'queued' });

    worker = await createTestApp({ config: { role: 'worker' }, autoStart: true, beside: web });
    await until('the worker has done the import', async () => ((await admin.get(`/imports/${id}`)).body as { state: string }).state === 'done');
    expect((await admin.get(`/imports/${id}`)).body).toMatchObject({ created: 1 });
  });

  it.each(['/health/live', '/health/ready', '/metrics'])('ROLE=worker answers %s', async (path) => {
    expect((await worker?.http.get(path))?.status).toBe(200);
  });

  it.each([
    '/',
    '/login',
    '/campaigns',
    '/api/v1/campaigns',
    '/api/docs',
    '/api/docs-json',
    '/static/x/starcare.css',
    '/health',
    '/metrics/../login',
  ])('ROLE=worker knows no %s', async (path) => {
    const answer = await worker?.http.get(path);
    expect([answer?.status, answer?.text]).toEqual([404, expect.stringContaining('StarCare worker')]);
  });

  it('ROLE=worker lets nobody log in', async () => {
    const answer = await worker?.http.post('/api/v1/session').send({ username: 'admin', password: 'starcare-test' });
    expect(answer?.status).toBe(404);
    expect(answer?.headers['set-cookie']).toBeUndefined();
  });

  if (programOnPath('redis-server')) {
    it('ROLE=worker is not ready while Redis is gone; ROLE=web, which needs none, is', async () => {
      const redis = await startRedis();
      const second = await createTestApp({
        config: { role: 'worker', redisUrl: redis.url, logLevel: 'silent' },
        autoStart: true,
        beside: web,
      });
      const checks = async (): Promise<unknown> => {
        const { status, body } = await second.http.get('/health/ready');
        return [status, (body as { checks: object }).checks];
      };
      try {
        await until('the worker is ready', async () => (await second.http.get('/health/ready')).status === 200);
        await redis.stop();
        await until('the worker notices', async () => (await second.http.get('/health/ready')).status === 503);
        expect(await checks()).toEqual([503, { database: true, jobs: false }]);
        expect((await web.http.get('/health/ready')).body).toEqual({ status: 'ok', checks: { database: true, jobs: true } });
      } finally {
        await redis.stop();
        await second.close();
      }
    });
  }
});
