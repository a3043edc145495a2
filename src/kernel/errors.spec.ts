import { DomainError, notFound, orUndefined } from './errors.js';

describe('a lookup whose failure is said in other words', () => {
  it('is undefined where the thing does not exist', async () => {
    expect(await Promise.reject(notFound('user', 'nobody')).catch(orUndefined)).toBeUndefined();
  });

  it.each([new Error('connection terminated'), new DomainError('role_refused', { status: 403 })])('lets %s through', async (error) => {
    await expect(Promise.reject(error).catch(orUndefined)).rejects.toBe(error);
  });
});
