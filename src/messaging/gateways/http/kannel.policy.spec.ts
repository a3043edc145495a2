import { httpSettings, readSetup } from '../gateway-settings.policy.js';
import { isSame, signMessage, signReplies } from './callback-signature.js';
import { inboundOf, networkCode, rawParams, receiptOf, receiptUrl, replyUrl, resultOf, sendRequest } from './kannel.policy.js';

const id = '019ab000-0000-7000-8000-000000000001';
const settings = httpSettings({ url: 'http://10.0.0.8:13013/cgi-bin/sendsms', username: 'star', from: '10659', callbackUrl: 'http://10.0.0.5:3000' });

describe('SMS-4 what Kannel is asked', () => {
  const message = { id, number: '+8613800138000', body: '【中国电信】陈先生您好 & 100%', parts: 1, encoding: 'ucs2' } as const;
  const dlrUrl = receiptUrl(settings.callbackUrl, 'main', { id, sig: 'abc' });

  const now = new Date('2026-11-24T10:00:00+08:00');

  it('carries a Chinese text, the sender, all kinds of reports, and the address they come to', () => {
    const { path } = sendRequest(message, { settings, password: 'p&=', dlrUrl, now });
    const asked = new URL(path, settings.url);
    expect(asked.pathname).toBe('/cgi-bin/sendsms');
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      username: 'star',
      password: 'p&=',
      from: '10659',
      to: '+8613800138000',
      text: '【中国电信】陈先生您好 & 100%',
      coding: '2',
      charset: 'UTF-8',
      'dlr-mask': '31',
      'dlr-url': `http://10.0.0.5:3000/api/v1/sms/gateways/main/receipts?message=${id}&sig=abc&type=%d&answer=%A&ref=%F&smsc=%i&at=%T`,
    });
    expect(path).not.toMatch(/[^\x21-\x7e]/);
  });

  it('says GSM-7 where the text is, leaves out what is not set, and keeps parameters the address has of its own', () => {
    const bare = httpSettings({ url: 'https://sms.example/send?account=7', callbackUrl: 'http://10.0.0.5:3000' });
    const { path } = sendRequest({ ...message, body: 'hi', encoding: 'gsm7' }, { settings: bare, password: null, dlrUrl, now });
    expect(path.startsWith('/send?account=7&to=%2B8613800138000&coding=0&charset=UTF-8&')).toBe(true);
    expect(path).not.toMatch(/username|password|from=/);
  });

  it('R9 a text that is stale after a moment is not kept for a telephone beyond it', () => {
    const { path } = sendRequest({ ...message, notAfter: new Date('2026-11-24T10:45:30+08:00') }, { settings, password: null, dlrUrl, now });
    expect(new URL(path, settings.url).searchParams.get('validity')).toBe('45');
  });

  it('by POST has neither password nor text in the address', () => {
    const asked = sendRequest(message, { settings: { ...settings, method: 'POST' }, password: 'secret', dlrUrl, now });
    expect(asked).toMatchObject({ method: 'POST', path: '/cgi-bin/sendsms', body: message.body });
    expect(asked.headers).toEqual({
      'x-kannel-username': 'star',
      'x-kannel-password': 'secret',
      'x-kannel-from': '10659',
      'x-kannel-to': '+8613800138000',
      'x-kannel-coding': '2',
      'x-kannel-charset': 'UTF-8',
      'x-kannel-dlr-mask': '31',
      'x-kannel-dlr-url': dlrUrl,
      'content-type': 'text/plain; charset=UTF-8',
    });
  });
});

describe('SMS-4 what Kannel answers', () => {
  it.each([
    [202, '0: Accepted for delivery', { outcome: 'accepted', ref: id }],
    [202, '3: Queued for later delivery', { outcome: 'accepted', ref: id }],
    [200, 'Sent.', { outcome: 'accepted', ref: id }],
    [503, 'Temporal failure, try again later.', { outcome: 'throttled' }],
    [429, '', { outcome: 'throttled' }],
    [403, 'Authorization failed for sendsms', { outcome: 'not_sent', code: '403 Authorization failed for sendsms' }],
    [400, 'Sender missing and no global set, rejected', { outcome: 'not_sent', code: '400 Sender missing and no global set, rejected' }],
    [404, 'Unknown request.', { outcome: 'not_sent', code: '404 Unknown request.' }],
    [302, '', { outcome: 'not_sent', code: '302' }],
    [500, 'Sending failed.', { outcome: 'not_sent', code: '500 Sending failed.' }],
    [403, 'Not routable. Do not try again.', { outcome: 'rejected', code: '403 Not routable' }],
    [400, 'Missing receiver number, rejected', { outcome: 'rejected', code: '400 Missing receiver number, rejected' }],
    [403, 'Number(s) has/have been denied by white- and/or black-lists. Denied: +8613800138000', { outcome: 'rejected' }],
    [400, 'no such number +8613800138000', { outcome: 'rejected', code: '400 no such number …' }],
    [500, 'oops', { outcome: 'unknown' }],
    [502, '<html>Bad Gateway</html>', { outcome: 'unknown' }],
    [504, '', { outcome: 'unknown' }],
    [200, '<html>Welcome</html>', { outcome: 'unknown' }],
  ])('%i “%s”', (status, body, expected) => {
    expect(resultOf(id, { status, body })).toMatchObject({ id, ...expected });
  });

  it('waits as long as it is told to', () => {
    expect(resultOf(id, { status: 503, body: '', retryAfter: '7' })).toEqual({ id, outcome: 'throttled', retryAfterMs: 7000 });
    expect(resultOf(id, { status: 503, body: '', retryAfter: 'soon' })).toEqual({ id, outcome: 'throttled' });
  });
});

describe('SMS-5 what Kannel tells later', () => {
  it.each([
    ['1', 'id:7 sub:001 dlvrd:001 submit date:2611241000 done date:2611241001 stat:DELIVRD err:000 text:', 'delivered', 'DELIVRD 000'],
    ['2', 'id:7 sub:001 dlvrd:000 submit date:2611241000 done date:2611241001 stat:UNDELIV err:027 text:', 'undelivered', 'UNDELIV 027'],
    ['2', 'id:7 stat:EXPIRED err:000 text:', 'expired', 'EXPIRED 000'],
    ['4', '', 'accepted', null],
    ['8', 'ACK/', 'accepted', null],
    ['16', 'NACK/0x0000000b/Invalid Destination Address', 'undelivered', 'NACK 0x0000000b'],
    ['16', 'NACK/', 'undelivered', null],
    ['64', '', 'unknown', null],
    ['', '', 'unknown', null],
  ])('type %s “%s” is %s', (type, answer, state, code) => {
    expect(receiptOf({ message: id, type, answer, ref: '7' })).toEqual({ messageId: id, ref: '7', state, networkCode: code });
  });

  it('keeps no more of a code than is one', () => expect(networkCode(`stat:${'X'.repeat(400)}`)).toBe('X'.repeat(12)));

  it('reads what a customer wrote in whatever alphabet it came', () => {
    const of = (query: string) => inboundOf(rawParams(`/replies?${query}`));
    expect(of('from=%2B8613800138000&text=TD+now&charset=UTF-8&coding=0&id=k1')).toEqual({ ref: 'k1', number: '+8613800138000', body: 'TD now' });
    expect(of('from=1&text=%90%00%8B%A2&charset=UTF-16BE&coding=2&id=k2').body).toBe('退订');
    expect(of(`from=1&text=${encodeURIComponent('退订')}&charset=utf-8&coding=0&id=k3`).body).toBe('退订');
    expect(of('from=1&text=%90%00%8B%A2&charset=strange&coding=2&id=k4').body).toBe('退订');
    expect(of('from=1&text=caf%E9&charset=WINDOWS-1252&coding=0&id=k5').body).toBe('café');
    expect(of('from=1&text=a%00b&charset=UTF-8&coding=0&id=k6').body).toBe('ab');
  });

  it('says when Kannel gave no id of its own', () => expect(inboundOf(rawParams('/replies?from=1&text=Y&at=100')).ref).toBeNull());
});

describe('signatures of callbacks', () => {
  it('hold for one message of one gateway, and not for what customers write', () => {
    const sig = signMessage('key', 'main', id);
    expect(sig).toMatch(/^[\w-]{32}$/);
    expect(isSame(sig, signMessage('key', 'main', id))).toBe(true);
    for (const other of [
      signMessage('key2', 'main', id),
      signMessage('key', 'other', id),
      signMessage('key', 'main', `${id}0`),
      signReplies('key', 'main'),
      '',
      `${sig}x`,
    ])
      expect(isSame(other, sig)).toBe(false);
  });

  it('give Kannel an address that escapes nothing but what it fills in', () => {
    const url = replyUrl('http://10.0.0.5:3000', 'main', signReplies('key', 'main'));
    expect(url.match(/%./g)).toEqual(['%p', '%P', '%b', '%C', '%c', '%I', '%i', '%T']);
  });
});

describe('SMS-4 settings of an http gateway', () => {
  const around = { here: 'http://starcare:3000/', hasPassword: false };
  const read = (wish: object) => readSetup('http', wish, around);

  it('need an address and nothing else; the rest is usual', () => {
    expect(read({ url: 'http://10.0.0.8:13013' })).toEqual({
      settings: {
        url: 'http://10.0.0.8:13013/cgi-bin/sendsms',
        username: null,
        from: null,
        connections: 50,
        timeoutSeconds: 10,
        callbackUrl: 'http://starcare:3000',
        method: 'GET',
      },
      password: undefined,
      window: 50,
      faults: [],
    });
    expect(read({ host: '10.0.0.8', port: 8000, systemId: 'star', password: 'x' })).toMatchObject({
      settings: { url: 'http://10.0.0.8:8000/cgi-bin/sendsms', username: 'star' },
      password: 'x',
      faults: [],
    });
  });

  it.each([
    [{}, 'url', 'gateway_url_missing'],
    [{ url: 'kannel' }, 'url', 'gateway_url_malformed'],
    [{ url: 'ftp://kannel/' }, 'url', 'gateway_url_malformed'],
    [{ url: 'http://u:p@kannel/' }, 'url', 'gateway_url_malformed'],
    [{ url: 'http://kannel/', callbackUrl: 'http://a/%d' }, 'callbackUrl', 'gateway_callback_malformed'],
    [{ url: 'http://kannel/', callbackUrl: 'http://a/?x=1' }, 'callbackUrl', 'gateway_callback_malformed'],
    [{ url: 'http://kannel/', from: 'a very long name' }, 'from', 'gateway_from_malformed'],
    [{ url: 'http://kannel/', username: 'star' }, 'password', 'gateway_password_missing'],
  ])('%j', (wish, param, code) => expect(read(wish).faults).toEqual([{ param, code }]));

  it('keeps a password that was entered before', () => {
    expect(readSetup('http', { url: 'http://kannel/', username: 'star' }, { ...around, hasPassword: true })).toMatchObject({
      password: undefined,
      faults: [],
    });
  });
});
