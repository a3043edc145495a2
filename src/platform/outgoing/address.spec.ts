import { addressFault, allowedOf, isPublicAddress, mayConnect } from './address.js';

const NOBODY = allowedOf([]);

describe('SYS-3 where a webhook may go', () => {
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '2002:7f00:1::',
    '64:ff9b::7f00:1',
    '2001:db8::1',
    'hooks.example.com',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['1.1.1.1', '101.226.129.158', '172.32.0.1', '2408:4000::1', '2606:4700::1111'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ['qyapi.weixin.qq.com/x', 'url_malformed'],
    ['http://qyapi.weixin.qq.com/x', 'url_not_https'],
    ['file:///etc/passwd', 'url_not_https'],
    ['gopher://example.com/', 'url_not_https'],
    ['https://user:pass@example.com/', 'url_userinfo'],
    ['https://127.0.0.1/', 'url_host_private'],
    ['https://2130706433/', 'url_host_private'], // 127.0.0.1 as one number
    ['https://0x7f.1/', 'url_host_private'],
    ['https://[::1]/', 'url_host_private'],
    ['https://[::ffff:10.0.0.1]/', 'url_host_private'],
    ['https://localhost/', 'url_host_private'],
    ['https://intranet/', 'url_host_private'],
    ['https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x', undefined],
    ['https://example.com:8443/hook', undefined],
  ])('%s: %s', (url, fault) => expect(addressFault(url, NOBODY)).toBe(fault));

  it('takes the operator’s own hosts, by name, address and network, over http too', () => {
    const own = allowedOf(['hooks.corp.example', ' 10.20.30.40', '10.50.0.0/16', 'fd00::/8', '']);
    expect(addressFault('http://hooks.corp.example/x', own)).toBeUndefined();
    expect(addressFault('http://10.20.30.40/x', own)).toBeUndefined();
    expect(addressFault('https://10.50.7.7/x', own)).toBeUndefined();
    expect(addressFault('https://10.51.7.7/x', own)).toBe('url_host_private');
    expect(addressFault('http://other.corp.example/x', own)).toBe('url_not_https');
    expect(mayConnect('hooks.corp.example', ['10.9.9.9'], own)).toBe(true);
    expect(mayConnect('else.example', ['10.50.1.1', 'fd00::1'], own)).toBe(true);
  });

  it('refuses a public name that resolves to a private address, also beside a public one (DNS rebinding)', () => {
    expect(mayConnect('evil.example', ['10.0.0.1'], NOBODY)).toBe(false);
    expect(mayConnect('evil.example', ['1.1.1.1', '127.0.0.1'], NOBODY)).toBe(false);
    expect(mayConnect('evil.example', [], NOBODY)).toBe(false);
    expect(mayConnect('good.example', ['1.1.1.1', '2606:4700::1111'], NOBODY)).toBe(true);
  });

  it.each(['10.0.0.0/0', '10.0.0.0/33', 'a b', 'host/8', '-x'])('names an entry of the list that is none: %s', (entry) => {
    expect(() => allowedOf(['1.1.1.1', entry])).toThrow(entry);
  });
});
