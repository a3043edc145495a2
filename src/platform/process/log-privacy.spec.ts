import { randomUUID } from 'node:crypto';
import { errorForLog, errorText, pathForLog, withoutNumbers } from './log-privacy.js';

describe('SYS-5 a line of the log', () => {
  it.each([
    ['13800138000', '…'],
    ['tel:+8613800138000,', 'tel:…,'],
    ['to 138 0013 8000 and 139-1234-5678', 'to … and …'],
    ['86 199 0000 1234', '…'],
    ['0086 13800138000', '…'],
    ['013800138000', '…'],
    ['１３８００１３８０００', '…'],
    ['021-65432100 and +862165432100', '… and …'],
    ['"Route GET:/customers?q=13800138000&name=%E5%BC%A0 not found"', '"Route GET:/customers?… not found"'],
  ])('%s loses its numbers', (line, left) => {
    expect(withoutNumbers(line)).toBe(left);
  });

  it.each([
    ['a time', '{"level":30,"time":1795952100123,"ms":12.5}'],
    ['an amount', 'rows 12345678901'],
    ['a longer number', 'order 913800138000123'],
    ['a question', 'what now? nothing'],
    ['ids with digits in a row', '"requestId":"0198f1aa-1380-4138-8000-13800138000a"'],
  ])('keeps %s', (_, line) => {
    expect(withoutNumbers(line)).toBe(line);
  });

  it('keeps the ids of requests', () => {
    const ids = Array.from({ length: 5_000 }, () => `{"requestId":"${randomUUID()}"}`);
    expect(ids.filter((line) => withoutNumbers(line) !== line)).toEqual([]);
  });
});

describe('SYS-5 a path in the log', () => {
  it.each([
    ['/customers/1234567/edit', '/customers/1234567/edit'],
    ['/api/v1/campaigns/5g-upgrade', '/api/v1/campaigns/5g-upgrade'],
    ['/tasks/0198f1aa-1380-4138-8000-13800138000a', '/tasks/0198f1aa-1380-4138-8000-13800138000a'],
    ['/customers/13800138000', '/customers/…'],
    ['/sms/test-numbers/%2B8613912345678', '/sms/test-numbers/…'],
    ['/sms/test-numbers/008613912345678', '/sms/test-numbers/…'],
    ['/customers/138%200013%208000', '/customers/…'],
    ['/customers/%E5%BC%A0%E4%B8%89', '/customers/…'],
    ['/customers/%E5%BC', '/customers/…'],
  ])('%s is %s', (path, left) => {
    expect(pathForLog(path)).toBe(left);
  });
});

describe('SYS-5 an error in the log', () => {
  const refused = Object.assign(new Error('duplicate key value violates unique constraint "line_number_key"'), {
    code: '23505',
    table: 'line',
    constraint: 'line_number_key',
    detail: 'Key (number)=(+8613800138000) already exists.',
    where: 'COPY line, line 3: "王小明"',
  });

  it('says kind, code and place, and nothing of what was written', () => {
    const wrapped = Object.assign(new Error('query failed for "王小明"'), {
      query: "values ('王小明')",
      parameters: ['王小明'],
      driverError: refused,
    });
    const line = errorForLog(wrapped) as { stack: string; causes: object[] };
    expect(line).toMatchObject({
      type: 'Error',
      message: 'query failed for "…"',
      causes: [{ code: '23505', table: 'line', constraint: 'line_number_key' }],
    });
    expect(line.stack).toMatch(/^at .*log-privacy\.spec\.ts/);
    expect(JSON.stringify(line)).not.toMatch(/王小明|13800138000/);
  });

  it('nobody caught says on the console what is wrong, and nothing of the rows that PostgreSQL quotes', () => {
    expect(errorText(new Error('cannot find "config.json"'))).toMatch(/^Error: cannot find "config.json"\n +at /);
    for (const error of [refused, new Error('失败 "王小明"', { cause: refused })]) {
      expect(errorText(error)).toContain("code: '23505'");
      expect(errorText(error)).not.toMatch(/王小明|13800138000/);
    }
    expect(errorText('no 13800138000')).toBe('no …');
  });

  it('says what failed together, ends where causes go in a circle, and takes what is no error', () => {
    const both = errorForLog(new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]));
    expect(both).toMatchObject({ causes: [{ message: '::1 refused' }, { message: '127.0.0.1 refused' }] });
    const circle = new Error('round');
    circle.cause = Object.assign(new Error('and round'), { cause: circle });
    expect(JSON.stringify(errorForLog(circle)).match(/and round/g)).toHaveLength(2);
    expect(errorForLog('no "王小明"')).toEqual({ message: 'no "…"' });
  });
});
