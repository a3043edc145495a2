import type { Response } from 'supertest';
import { StaffCommands } from '../../src/staff/staff.commands.js';
import type { Role } from '../../src/staff/staff.types.js';
import type { TestApp } from './test-app.js';

export const PASSWORD = 'starcare-test';

/** One person at the API. */
export interface ApiClient {
  token: string;
  get(path: string): Promise<Response>;
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Response>;
  patch(path: string, body: object): Promise<Response>;
  put(path: string, body: object): Promise<Response>;
  /** Hands in a file as multipart field `file`. */
  upload(path: string, file: Buffer | string, name?: string): Promise<Response>;
}

/** Two cities with a team each: planner-e, supervisor-e, m01, m02 in the east; planner-w, m11 in the west; admin above. */
const UNITS = [
  { code: 'east', name: '东城', kind: 'city' },
  { code: 'west', name: '西城', kind: 'city' },
  { code: 'east-1', name: '东一组', kind: 'team', parent: 'east' },
  { code: 'west-1', name: '西一组', kind: 'team', parent: 'west' },
];
const PEOPLE: [username: string, role: Role, orgUnit: string, name: string][] = [
  ['planner-e', 'planner', 'east', '顾明哲'],
  ['supervisor-e', 'supervisor', 'east', '赵敏'],
  ['m01', 'manager', 'east-1', '林晓雯'],
  ['m02', 'manager', 'east-1', '周可欣'],
  ['planner-w', 'planner', 'west', '陈思远'],
  ['m11', 'manager', 'west-1', '何佳'],
];

export type House = (username: string) => Promise<ApiClient>;

/** Fills an empty test app with the people above. @returns a door by username; every person logs in once */
export async function createHouse(test: TestApp): Promise<House> {
  await test.app.get(StaffCommands, { strict: false }).ensureAdmin(PASSWORD);
  const clients = new Map<string, Promise<ApiClient>>();
  const house: House = (username) => {
    const known = clients.get(username) ?? callAs(test, username);
    clients.set(username, known);
    return known;
  };
  const admin = await house('admin');
  for (const unit of UNITS) expectCreated(await admin.post('/org-units', unit));
  for (const [username, role, orgUnit, name] of PEOPLE) {
    expectCreated(await admin.post('/users', { username, role, orgUnit, name, password: PASSWORD, agentNo: `9${username}` }));
  }
  return house;
}

function expectCreated(response: Response): void {
  if (response.status !== 201) throw new Error(`the house could not be filled: ${response.status} ${response.text}`);
}

/** A fresh login at the API, not shared with {@link House}. */
export async function callAs(test: TestApp, username: string, password = PASSWORD): Promise<ApiClient> {
  const answer = await test.http.post('/api/v1/session').send({ username, password });
  if (answer.status !== 200) throw new Error(`${username} cannot log in: ${answer.text}`);
  return clientOf(test, (answer.body as { token: string }).token);
}

/** Whoever holds that bearer token. */
export function clientOf(test: TestApp, token: string): ApiClient {
  const bearer = { authorization: `Bearer ${token}` };
  const at = (path: string): string => `/api/v1${path}`;
  return {
    token,
    get: async (path) => test.http.get(at(path)).set(bearer),
    post: async (path, body, headers = {}) =>
      test.http
        .post(at(path))
        .set({ ...bearer, ...headers })
        .send(body ?? {}),
    patch: async (path, body) => test.http.patch(at(path)).set(bearer).send(body),
    put: async (path, body) => test.http.put(at(path)).set(bearer).send(body),
    upload: async (path, file, name = 'file.csv') => test.http.post(at(path)).set(bearer).attach('file', Buffer.from(file), name),
  };
}
