import type { Response } from 'supertest';
import { PASSWORD } from './house.js';
import type { TestApp } from './test-app.js';

/** A browser without scripts: keeps cookies, and sends the token of the page it last saw with every form. */
export interface PageVisitor {
  agent: ReturnType<TestApp['agent']>;
  get(path: string): Promise<Response>;
  post(path: string, fields?: Record<string, string | string[]>): Promise<Response>;
}

/** The hidden token of a page, or the one its frame gives to htmx. */
export const csrfOf = (html: string): string => /(?:name="_csrf" value=|"csrf-token":)"([^"]+)"/.exec(html)?.[1] ?? '';

/** A page as its reader reads it. */
export const unescaped = (html: string): string =>
  html.replaceAll('&quot;', '"').replaceAll('&#x3D;', '=').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

export function visitor(test: TestApp): PageVisitor {
  const agent = test.agent();
  let token = '';
  const get = async (path: string): Promise<Response> => {
    const answer = await agent.get(path).set('accept', 'text/html');
    token = csrfOf(answer.text) || token;
    return answer;
  };
  const post = (path: string, fields: Record<string, string | string[]> = {}): Promise<Response> =>
    Promise.resolve(
      agent
        .post(path)
        .set('accept', 'text/html')
        .type('form')
        .send({ _csrf: token, ...fields }),
    );
  return { agent, get, post };
}

/** Somebody who has logged in by the page and stands on the page they were led to. */
export async function logIn(test: TestApp, username: string, password = PASSWORD): Promise<PageVisitor> {
  const page = visitor(test);
  await page.get('/login');
  const answer = await page.post('/login', { username, password });
  if (answer.status !== 303) throw new Error(`login of ${username} answered ${answer.status}`);
  await page.get('/account');
  return page;
}
