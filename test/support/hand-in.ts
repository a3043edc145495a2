import { drainJobs } from './drain-jobs.js';
import type { ApiClient } from './house.js';
import type { TestApp } from './test-app.js';

/** What came of a file. */
export interface Imported {
  id: string;
  state: string;
  reason?: string;
  message?: string;
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  duplicate: number;
  rejected: number;
  bytesTotal: number;
  bytesRead: number;
}

/** Hands a file in and waits for its end; no row may be lost on the way (FED-3). @param query `feed=customers` */
export async function handIn(test: TestApp, who: ApiClient, query: string, file: Buffer | string, name = 'file.csv'): Promise<Imported> {
  const answer = await who.upload(`/imports?${query}`, file, name);
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  await drainJobs(test.app);
  const done = (await who.get(`/imports/${(answer.body as Imported).id}`)).body as Imported;
  expect(done.created + done.updated + done.unchanged + done.duplicate + done.rejected).toBe(done.read);
  return done;
}
