import { DomainError, isRefusal, notFound, orUndefined } from './errors.js';

describe('a lookup whose failure is said in other words', () => {
  it('is undefined where the thing does not exist', async () => {
    expect(await Promise.reject(notFound('user', 'nobody')).catch(orUndefined)).toBeUndefined();
  });

  it.each([new Error('connection terminated'), new DomainError('role_refused', { status: 403 })])('lets %s through', async (error) => {
    await expect(Promise.reject(error).catch(orUndefined)).rejects.toBe(error);
  });
});

it.each([
  [notFound('user', 'nobody'), true],
  [new DomainError('role_refused', { status: 403 }), true],
  [new DomainError('template_faulty'), true],
  [new DomainError('busy', { status: 503 }), false],
  [new Error('connection terminated'), false],
])('%s is a refusal for good: %s', (error, refuses) => {
  expect(isRefusal(error)).toBe(refuses);
});
