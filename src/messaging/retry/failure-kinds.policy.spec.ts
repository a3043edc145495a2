import { readFileSync } from 'node:fs';
import type { GatewayKind } from '../gateways/gateway.types.js';
import { FAILURE_KINDS, FAILURE_SENTENCES, type FailureKind, kindOfFailure, meaningOf } from './failure-kinds.policy.js';

describe('R8 what a failure says about trying again', () => {
  const cases: [string | null, (typeof FAILURE_KINDS)[number]][] = [
    ['UNDELIV 027', 'technical'],
    ['UNDELIV 031', 'technical'],
    ['undeliv 34', 'technical'],
    ['row_fault', 'technical'],
    ['0x00000045', 'technical'],
    ['0x00000014', 'technical'],
    ['NACK 0x00000008', 'technical'],
    ['39 路由错误', 'technical'],
    ['UNDELIV 001', 'number'],
    ['UNDELIV 005', 'number'],
    ['0x0000000B', 'number'],
    ['NACK 0x0000000b', 'number'],
    ['109 错误手机号', 'number'],
    ['REJECTD 008', 'refused'],
    ['REJECTD 027', 'refused'],
    ['UNDELIV 013', 'refused'],
    ['106 敏感短信', 'refused'],
    ['partly UNDELIV 027', 'partly'],
    ['partly', 'partly'],
    ['UNDELIV 777', 'unknown'],
    ['UNDELIV MK:0012', 'unknown'],
    ['DELETED 000', 'unknown'],
    ['0x000000FF', 'unknown'],
    ['403 no route', 'unknown'],
    ['in_doubt', 'unknown'],
    ['-', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ];

  it.each(cases)('%s is %s', (code, kind) => {
    expect(kindOfFailure(code)).toBe(kind);
  });

  it.each<[string, GatewayKind[], FailureKind, string | null]>([
    ['UNDELIV 027', [], 'technical', 'map.27'],
    ['UNDELIV 028', [], 'technical', null],
    ['partly UNDELIV 027', [], 'partly', 'map.27'],
    ['REJECTD 008', ['smpp'], 'refused', 'stat.rejectd'],
    ['DELETED 006', ['smgp'], 'unknown', 'stat.deleted'],
    ['NACK 0x0000000b', ['http'], 'number', 'smpp.b'],
    ['0x00000045', ['smpp'], 'technical', 'smpp.45'],
    ['0x00000048', ['smpp'], 'unknown', 'smpp.48'],
    ['106 敏感短信', ['smgp'], 'refused', 'smgp.106'],
    ['36 非法短消息长度', ['smgp'], 'unknown', 'smgp.36'],
    // the same number is another fault with SMGP than with GSM
    ['UNDELIV 001', ['smpp', 'http'], 'number', 'map.1'],
    ['UNDELIV 001', ['smgp'], 'technical', 'smgp_err.1'],
    ['UNDELIV 005', ['smgp'], 'refused', 'smgp_err.5'],
    ['UNDELIV 999', ['smgp'], 'unknown', 'smgp_err.999'],
    ['UNDELIV 027', ['smgp'], 'technical', 'map.27'],
    ['UNDELIV 001', ['smgp', 'smpp'], 'unknown', null],
    ['UNDELIV 006', ['smgp', 'smpp'], 'technical', null],
    ['UNDELIV 027', ['smgp', 'smpp'], 'technical', 'map.27'],
    ['UNDELIV 002', ['smpp'], 'unknown', null],
    ['UNDELIV 777', ['smpp'], 'unknown', null],
    ['row_fault', ['smpp'], 'technical', null],
    ['-', [], 'unknown', null],
  ])('%s by way of %j is %s and says %s', (code, kinds, kind, said) => {
    expect(
      meaningOf(
        code,
        kinds.map((one) => ({ kind: one })),
      ),
    ).toEqual({ kind, said });
  });

  it.each(['zh', 'en'])('has a sentence for every code it knows, in %s, and none beside them', (locale) => {
    const sentences = JSON.parse(readFileSync(`templates/locales/${locale}/messaging-blasts.json`, 'utf8')) as Record<string, string>;
    const there = Object.keys(sentences).filter((key) => key.startsWith('sms.failure.'));
    expect(there.sort()).toEqual(FAILURE_SENTENCES.map((said) => `sms.failure.${said}`).sort());
  });

  it('has a case of every kind', () => {
    expect(new Set(cases.map(([, kind]) => kind))).toEqual(new Set(FAILURE_KINDS));
  });
});
