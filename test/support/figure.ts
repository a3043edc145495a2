import type { TestApp } from './test-app.js';

/** What Prometheus is told now. @param labels as they are written: `gateway="simulator",outcome="accepted"` @returns 0 where nothing was counted yet */
export async function figure(test: TestApp, name: string, labels: string): Promise<number> {
  const { text } = await test.http.get('/metrics');
  return Number(new RegExp(`^${name}{${labels}} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}
