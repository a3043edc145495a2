import { FAILURE_KINDS, kindOfFailure } from './failure-kinds.policy.js';

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

  it('has a case of every kind', () => {
    expect(new Set(cases.map(([, kind]) => kind))).toEqual(new Set(FAILURE_KINDS));
  });
});
