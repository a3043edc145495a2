import {
  compileBody,
  compose,
  forbiddenVariables,
  messageMaker,
  missingVariables,
  readBody,
  shownPieces,
  signatureOf,
  unknownVariables,
  variablesFor,
} from './wording.js';

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
    ['a helper of Handlebars', '{{lookup a "b"}}', 'template_helper_unknown'],
    ['a helper nobody has', '{{upper name}}', 'template_helper_unknown'],
    ['a helper without its variable', '{{date}} {{money "x"}}', 'template_helper_use'],
    ['a helper with an option it does not know', '{{date until "week"}}', 'template_helper_use'],
    ['a helper within a helper', '{{date (money a)}}', 'template_helper_use'],
    ['a helper with named values', '{{money a digits=2}}', 'template_helper_use'],
    ['a helper with more than it takes', '{{money a b}}', 'template_helper_use'],
    ['a block of a helper', '{{#money a}}x{{/money}}', 'template_not_plain'],
    ['a decorator', '{{* foo}}', 'template_not_plain'],
    ['the context itself', '{{this}}', 'template_not_plain'],
    ['a parent', '{{../name}}', 'template_not_plain'],
    ['data variables', '{{@root.name}}', 'template_not_plain'],
    ['a literal', '{{"name"}}', 'template_not_plain'],
    ['the marks of a signature', '【中国电信】您好', 'template_brackets'],
    ['square brackets', '您好[电信]', 'template_brackets'],
  ])('refuses %s', (_name, body, code) => {
    expect(faultOf(body)).toBe(code);
  });

  it.each(['constructor', '__proto__', 'toString', 'manager.constructor', 'hasOwnProperty', 'prototype', '[__proto__]'])(
    'does not reach %s: the name is refused as a variable and in a helper',
    (name) => {
      expect(faultOf(`{{${name}}}`)).toBe('template_variable_reserved');
      expect(faultOf(`{{money ${name}}}`)).toBe('template_variable_reserved');
      expect(() => compileBody(`{{${name}}}`)).toThrow();
    },
  );

  it('reads a value by its own key only, whatever JavaScript would find behind it', () => {
    const body = compileBody('{{a}}');
    expect(() => body.render(Object.create({ a: 'inherited' }) as Record<string, string>)).toThrow();
  });

  it('writes values in the ways it knows, and names what does not fit', () => {
    const body = compileBody('{{honorific 联系人 性别}}，{{date 到期}}到期，可省{{money save}}');
    expect(body.variables).toEqual(['联系人', '性别', '到期', 'save']);
    expect(body.render({ 联系人: '欧阳若曦', 性别: '女', 到期: '2026-11-30', save: '5.1' })).toBe('欧阳女士，11月30日到期，可省5.10元');
    const maker = messageMaker({ signature: '中国电信', optOut: '', forbidden: [], body: '{{date 到期}}到期，可省{{money save}}' });
    expect(maker.make({ 到期: '月底', save: '不少' })).toEqual({ fault: 'template_variable_unfit', variables: ['到期', 'save'] });
  });

  it('keeps a column named like a helper a variable', () => {
    expect(compileBody('{{date}}').render({ date: '今天' })).toBe('今天');
    expect(compileBody('{{money}}和{{money money}}').render({ money: '5' })).toBe('5和5元');
  });

  it('finds a forbidden word in the text as it is made, also across the border of a value', () => {
    const maker = messageMaker({ signature: '中国电信', optOut: '', forbidden: ['国家级'], body: '国家{{level}}优惠' });
    expect(maker.make({ level: '级' })).toEqual({ fault: 'sms_forbidden_word', variables: ['国家级'] });
    expect(maker.make({ level: '队' })).toMatchObject({ text: '【中国电信】国家队优惠' });
  });

  it('never leaves a hole: a missing value throws, and is named beforehand', () => {
    const body = compileBody('{{honorific}}您好，可省{{save}}元');
    expect(missingVariables(body.variables, { honorific: '陈先生', save: ' ' })).toEqual(['save']);
    expect(missingVariables(body.variables, { honorific: '陈先生' })).toEqual(['save']);
    expect(() => body.render({ honorific: '陈先生' })).toThrow();
  });

  it('names the variables in order and tells the unknown ones by the columns of the segment', () => {
    const read = readBody('{{honorific}}{{used_gb}}{{honorific}}{{manager.phone}}{{超出}}');
    expect(read).toMatchObject({ variables: ['honorific', 'used_gb', 'manager.phone', '超出'] });
    expect(unknownVariables(['honorific', 'used_gb', 'manager.phone', '超出'], ['超出'])).toEqual(['used_gb']);
  });

  it('writes values as they are: no HTML escaping', () => {
    expect(compileBody("{{name}}&'{{a}}").render({ name: 'A<B>', a: '"x"' })).toBe('A<B>&\'"x"');
  });

  it('reads nested names and columns named like helpers or with a blank', () => {
    const body = compileBody('{{manager.name}}{{manager.phone}} {{if}} {{log}} {{[a b]}} {{a.b}}');
    const values = { 'manager.name': '林晓雯', 'manager.phone': '18905120031', if: '1', log: '2', 'a b': '3', 'a.b': '4' };
    expect(body.render(values)).toBe('林晓雯18905120031 1 2 3 4');
  });

  it('does not take a value for a template', () => {
    expect(compileBody('{{name}}').render({ name: '{{honorific}}' })).toBe('{{honorific}}');
  });

  it.each(['【银行】', '陈 [VIP]'])('forbids the marks of a signature in a value: %s', (name) => {
    expect(forbiddenVariables(['name'], { name })).toEqual(['name']);
  });

  it('GOV-3 adds the signature always, and the way to opt out where the purpose has one', () => {
    expect(compose({ signature: '中国电信', optOut: '拒收请回复R' }, '您好')).toBe('【中国电信】您好拒收请回复R');
    expect(compose({ signature: '中国电信', optOut: '' }, '您好')).toBe('【中国电信】您好');
  });

  it.each([
    ['详询http://bit.ly/x', '拒收请回复R', '详询http://bit.ly/x 拒收请回复R'],
    ['详询http://bit.ly/x/', '拒收请回复R', '详询http://bit.ly/x/ 拒收请回复R'],
    ['致电139 0000 2042', '拒收请回复R', '致电139 0000 2042 拒收请回复R'],
    ['回复YES', '拒收请回复R', '回复YES 拒收请回复R'],
    ['致电10000。', '拒收请回复R', '致电10000。拒收请回复R'],
    ['今天11月24日', '拒收请回复R', '今天11月24日拒收请回复R'],
    ['致电10000', '，拒收请回复R', '致电10000，拒收请回复R'],
    ['致电10000', ' 拒收请回复R', '致电10000 拒收请回复R'],
    ['致电10000', '', '致电10000'],
  ])('GOV-3 sets the opt-out words off from a link, a number or a Latin word: %s + "%s"', (text, optOut, whole) => {
    expect(compose({ signature: '电信', optOut }, text)).toBe(`【电信】${whole}`);
  });

  it.each([
    ['{{honorific}}，详询http://bit.ly/x', ['【电信】', ['honorific'], '，详询http://bit.ly/x 拒收请回复R']],
    ['请致电{{manager.phone}}', ['【电信】请致电', ['manager.phone'], ' 拒收请回复R']],
    ['您好{{name}}', ['【电信】您好', ['name'], '拒收请回复R']],
    ['省{{money save}}', ['【电信】省', ['save'], ' 拒收请回复R']],
    ['{{honorific name gender}}{{date today}}', ['【电信】', ['name', 'gender'], ['today'], '拒收请回复R']],
  ])('SMS-3 shows whoever approves %s as it will come', (body, shown) => {
    const pieces = shownPieces({ signature: '电信', optOut: '拒收请回复R', body });
    expect(pieces.map((piece) => ('text' in piece ? piece.text : piece.variables))).toEqual(shown);
  });

  it('SMS-1 offers what has a value: of an order only to the question about one', () => {
    expect(variablesFor('birthday')).toContain('partnerOffer');
    expect(variablesFor('birthday')).not.toContain('order.yes');
    expect(variablesFor('order-confirmation')).toContain('order.yes');
  });

  it('SMS-2 counts what sets them off: 70 with it are one part, 71 two', () => {
    const make = (letters: number) => messageMaker({ signature: '电信', optOut: '拒收R', forbidden: [], body: `${'字'.repeat(letters)}a` }).make({});
    expect(make(60)).toMatchObject({ units: 69, parts: 1 });
    expect(make(61)).toMatchObject({ units: 70, parts: 1 });
    expect(make(62)).toMatchObject({ units: 71, parts: 2 });
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
