import { Database } from '../../../src/platform/database/database.js';
import { sql } from '../../../src/platform/database/sql.js';
import { DatabaseLine } from '../../support/database-line.js';
import { callAs, createHouse } from '../../support/house.js';
import { createTestApp, type TestApp } from '../../support/test-app.js';
import { logIn, visitor } from '../../support/visitor.js';

describe('SYS-4 while the database cannot be reached', () => {
  let origin: TestApp;
  let test: TestApp;
  let line: DatabaseLine;
  const SENTENCE = '暂时连不上数据库';

  beforeAll(async () => {
    origin = await createTestApp();
    await createHouse(origin);
    line = await DatabaseLine.to(origin.databaseUrl);
    test = await createTestApp({ beside: { ...origin, databaseUrl: line.url }, config: { logLevel: 'silent' } });
  });
  afterAll(async () => {
    await test.close();
    await line.cut();
    await origin.close();
  });

  it('pages say so, whoever asks, and nobody is logged out by it', async () => {
    const person = await logIn(test, 'm01');
    const guest = visitor(test);
    expect((await person.get('/account')).status).toBe(200);
    await line.cut();
    try {
      for (const answer of [await guest.get('/login'), await person.get('/account'), await person.get('/login'), await person.get('/nowhere')]) {
        expect(answer.status).toBe(503);
        expect(answer.headers['content-type']).toContain('text/html');
        expect(answer.headers['set-cookie']).toBeUndefined();
        expect(answer.text).toContain(SENTENCE);
        expect(answer.text).not.toContain('127.0.0.1');
      }
      const fragment = await person.agent.get('/account').set('hx-request', 'true');
      expect([fragment.status, fragment.text.includes(SENTENCE)]).toEqual([503, true]);
      expect((await person.post('/account/password', { current: 'x', password: 'starcare-next' })).status).toBe(503);
    } finally {
      await line.mend();
    }
    expect((await person.get('/account')).status).toBe(200);
  });

  it('a last word of the server that comes in one piece with the connection it ends, before anybody could listen, ends nothing', async () => {
    const { pool } = test.app.get(Database, { strict: false });
    const heard = await new Promise((resolve) => {
      pool.connect((_, client, release) => {
        try {
          resolve(client?.emit('error', new Error('terminating connection due to unexpected postmaster exit')));
        } catch (unheard) {
          resolve(unheard);
        } finally {
          release(true);
        }
      });
    });
    expect(heard).toBe(true);
    expect((await visitor(test).get('/login')).status).toBe(200);
  });

  it('a fault that shows only when the session is written, once the page is made, is answered by the product too', async () => {
    await origin.db.run(sql`alter table staff.session rename to mislaid`);
    try {
      const answer = await visitor(test).get('/login');
      expect(answer.status).toBe(500);
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.text).not.toContain('staff.session');
    } finally {
      await origin.db.run(sql`alter table staff.mislaid rename to session`);
    }
  });

  it('programs get 503 with a code of its own', async () => {
    const client = await callAs(test, 'm01');
    await line.cut();
    try {
      const answer = await client.get('/tasks');
      expect([answer.status, (answer.body as { error: { code: string } }).error.code]).toEqual([503, 'database_away']);
      expect(answer.text).not.toContain('127.0.0.1');
      expect((await test.http.get('/health/ready')).status).toBe(503);
    } finally {
      await line.mend();
    }
    expect((await client.get('/tasks')).status).toBe(200);
  });
});
