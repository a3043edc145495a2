import { RouteAccess } from '../../src/platform/http/route-access.js';
import type { TestApp } from './test-app.js';

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With its parameters: `/api/v1/customers/:id`. */
  path: string;
  open: boolean;
}

/** Every route the controllers register: a new one is walked without a word here. */
export const routesOf = (test: TestApp): Route[] =>
  test.app
    .get(RouteAccess, { strict: false })
    .all()
    .map(({ method, path, open }) => ({ method: method.toLowerCase() as Route['method'], path, open }));
