import { compileBody, compose, forbiddenVariables, missingVariables, readBody, signatureOf, unknownVariables } from './wording.js';

const faultOf = (body: string): string | undefined => {
  const read = readBody(body);
  return 'fault' in read ? read.fault.code : undefined;
};

describe('SMS-1 templates', () => {
  it.each([
    ['an empty body', '  ', 'template_empty'],
    ['an unclosed variable', '您好{{name', 'template_syntax'],
    ['a block', '{{#if name}}您好{{/if}}', 'template_not_plain'],
    ['a loop', '{{#each a}}{{this}}{{/each}}', 'template_not_plain'],
    ['a partial', '{{> other}}', 'template_not_plain'],
    ['a helper with arguments', '{{lookup a "b"}}', 'template_not_plain'],
    ['the context itself', '{{this}}', 'template_not_plain'],
    ['a parent', '{{../name}}', 'template_not_plain'],
    ['data variables', '{{@root.name}}', 'template_not_plain'],
    ['a literal', '{{"name"}}', 'template_not_plain'],
    ['the marks of a signature', '【中国电信】您好', 'template_brackets'],
    ['square brackets', '您好[电信]', 'template_brackets'],
  ])('refuses %s', (_name, body, code) => {
    expect(faultOf(body)).toBe(code);
  });

  it.each(['constructor', '__proto__', 'toString', 'manager.constructor', 'hasOwnProperty'])(
    'does not reach %s: it is an undeclared variable',
    (name) => {
      const read = readBody(`{{${name}}}`);
      expect('variables' in read && unknownVariables(read.variables, [])).toEqual([name]);
      expect(() => compileBody(`{{${name}}}`).render({ name: '陈' })).toThrow();
    },
  );

  it('never leaves a hole: a missing value throws, and is named beforehand', () => {
    const body = compileBody('{{honorific}}您好，可省{{save}}元');
    expect(missingVariables(body.variables, { honorific: '陈先生', save: ' ' })).toEqual(['save']);
    expect(missingVariables(body.variables, { honorific: '陈先生' })).toEqual(['save']);
    expect(() => body.render({ honorific: '陈先生' })).toThrow();
  });

  it('names the variables in order and tells the unknown ones by the columns of the segment', () => {
    const read = readBody('{{honorific}}{{used_gb}}{{honorific}}{{manager.phone}}{{超出}}');
    expect(read).toEqual({ variables: ['honorific', 'used_gb', 'manager.phone', '超出'] });
    expect(unknownVariables(['honorific', 'used_gb', 'manager.phone', '超出'], ['超出'])).toEqual(['used_gb']);
  });

  it('writes values as they are: no HTML escaping', () => {
    expect(compileBody("{{name}}&'{{a}}").render({ name: 'A<B>', a: '"x"' })).toBe('A<B>&\'"x"');
  });

  it('reads nested names and columns named like helpers or with a blank', () => {
    const body = compileBody('{{manager.name}}{{manager.phone}} {{if}} {{log}} {{[a b]}}');
    expect(body.render({ 'manager.name': '林晓雯', 'manager.phone': '18905120031', if: '1', log: '2', 'a b': '3' })).toBe('林晓雯18905120031 1 2 3');
  });

  it('does not take a value for a template', () => {
    expect(compileBody('{{name}}').render({ name: '{{honorific}}' })).toBe('{{honorific}}');
  });

  it('forbids the marks of a signature in a value', () => {
    expect(forbiddenVariables(['name'], { name: '【银行】' })).toEqual(['name']);
  });

  it('GOV-3 adds the signature always and the opt-out words to marketing only', () => {
    expect(compose({ signature: '中国电信', purpose: 'marketing' }, '您好')).toBe('【中国电信】您好拒收请回复R');
    expect(compose({ signature: '中国电信', purpose: 'service' }, '您好')).toBe('【中国电信】您好');
  });

  it.each([
    ['中国电信', '中国电信'],
    ['【中国电信】', '中国电信'],
    ['星', undefined],
    ['中国[电信]', undefined],
    ['', undefined],
    ['一二三四五六七八九十一二三', undefined],
  ])('signature %s is %s', (input, expected) => {
    expect(signatureOf(input)).toBe(expected);
  });
});
