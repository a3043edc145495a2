import { errorForLog, withoutNumbers } from './log-privacy.js';

describe('SYS-5 a line of the log', () => {
  it.each([
    ['13800138000', '…'],
    ['tel:+8613800138000,', 'tel:…,'],
    ['"path":"/sms/test-numbers/%2B8613912345678"', '"path":"/sms/test-numbers/%2B…"'],
    ['to 138 0013 8000 and 139-1234-5678', 'to … and …'],
    ['86 199 0000 1234', '…'],
  ])('%s loses its numbers', (line, left) => {
    expect(withoutNumbers(line)).toBe(left);
  });

  it.each([
    ['a time', '{"level":30,"time":1795952100123,"ms":12.5}'],
    ['an amount', 'rows 12345678901'],
    ['a longer number', 'order 913800138000123'],
    ['the id of a request that looks like one', '{"requestId":"0198f1aa-13800138000-7b6e","reqId":"13800138000"}'],
  ])('keeps %s', (_, line) => {
    expect(withoutNumbers(line)).toBe(line);
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
    const line = errorForLog(wrapped) as { stack: string; cause: object };
    expect(line).toMatchObject({
      type: 'Error',
      message: 'query failed for "…"',
      cause: { code: '23505', table: 'line', constraint: 'line_number_key' },
    });
    expect(line.stack).toMatch(/^at .*log-privacy\.spec\.ts/);
    expect(JSON.stringify(line)).not.toMatch(/王小明|13800138000/);
  });

  it('ends where causes go in a circle, and takes what is no error', () => {
    const circle = new Error('round');
    circle.cause = Object.assign(new Error('and round'), { cause: circle });
    expect(JSON.stringify(errorForLog(circle)).match(/and round/g)).toHaveLength(2);
    expect(errorForLog('no "王小明"')).toEqual({ message: 'no "…"' });
  });
});
