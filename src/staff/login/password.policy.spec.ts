import { isCommonPassword } from './common-passwords.js';
import { checkPassword } from './password.policy.js';

describe('a password is not what anybody would try first (SYS-2)', () => {
  it.each([
    ['manager-01', 'manager-01', 'password_is_name'],
    ['manager-01', 'Manager-01', 'password_is_name'],
    ['m01', 'a123456789', 'password_common'],
    ['m01', 'QwErTyUiOp', 'password_common'],
    ['m01', '1qaz2wsx', 'password_common'],
    ['m01', '88888888', 'password_common'],
    ['m01', '星星星星星星星星', 'password_common'],
  ])('%s with %s: %s', (username, password, code) => {
    expect(() => checkPassword(username, password, isCommonPassword)).toThrow(expect.objectContaining({ code, param: 'password' }));
  });

  it.each(['manager-01!', 'starcare-test', '早上好，星关怀', 'a123456789-0'])('%s may be one', (password) => {
    expect(() => checkPassword('manager-01', password, isCommonPassword)).not.toThrow();
  });
});
