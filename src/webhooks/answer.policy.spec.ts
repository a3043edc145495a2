import { isGivenUp, outcomeOf } from './answer.policy.js';

describe('SYS-3 what becomes of a try of a webhook', () => {
  it.each([
    [{ status: 200 }, 'delivered'],
    [{ status: 204 }, 'delivered'],
    [{ status: 301 }, 'again'],
    [{ status: 400 }, 'again'],
    [{ status: 404 }, 'again'],
    [{ status: 410 }, 'gone'],
    [{ status: 429 }, 'again'],
    [{ status: 500 }, 'again'],
    [{ fault: 'timed_out' }, 'again'],
    [{ fault: 'answer_lost' }, 'again'],
    [{ fault: 'host_unknown' }, 'again'],
    [{ fault: 'address_private' }, 'dead'],
    [{ fault: 'url_host_private' }, 'dead'],
  ])('%j: %s', (answer, end) => expect(outcomeOf(answer).end).toBe(end));

  it('an endpoint is given up after three days without an arrival', () => {
    const since = new Date('2026-11-24T10:00:00Z');
    expect(isGivenUp(since, new Date('2026-11-27T09:59:59Z'))).toBe(false);
    expect(isGivenUp(since, new Date('2026-11-27T10:00:00Z'))).toBe(true);
  });
});
