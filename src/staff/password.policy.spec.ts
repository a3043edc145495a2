import { checkPassword } from './password.policy.js';

describe('a password is not the name of its account (SYS-2)', () => {
  it.each([
    ['manager-01', 'manager-01', true],
    ['manager-01', 'Manager-01', true],
    ['manager-01', 'manager-01!', false],
    ['manager-01', 'starcare-test', false],
  ])('%s with %s: refused %s', (username, password, refused) => {
    const check = (): void => checkPassword(username, password);
    if (refused) expect(check).toThrow(expect.objectContaining({ code: 'password_is_name' }));
    else expect(check).not.toThrow();
  });
});
