import { nameFields, placeOfName } from './field-names.js';

const said = (param: string, form: string, colon = '：'): string =>
  nameFields(`<p>有1处要改：${placeOfName(param)}${colon}请填写</p>${form}`).split('</p>')[0] ?? '';

describe('a page names the boxes it says something about', () => {
  it.each([
    ['by the label of the box', '<label class="form-label" for="reason">为什么更正</label><input id="reason" name="reason">', '为什么更正：请填写'],
    ['by the id of the box where it is another', '<label for="mark-name">名称</label><input class="x" id="mark-name" name="reason">', '名称：请填写'],
    [
      'without the remark beside the name',
      '<label for="reason">说明 <span class="sc-muted">选填</span></label><textarea id="reason" name="reason">',
      '说明：请填写',
    ],
    ['by its own words where no label stands', '<select name="reason" aria-label="原因">', '原因：请填写'],
    ['not at all where there is no such box', '<label for="other">别的</label><input id="other" name="other">', '请填写'],
  ])('%s', (_name, form, words) => {
    expect(said('reason', form)).toBe(`<p>有1处要改：${words}`);
  });

  it('of a list in a form by the whole name, and with the colon of the language', () => {
    expect(said('steps.0.name', '<label for="s0">Name</label><input id="s0" name="steps.0.name">', ': ')).toContain('Name: 请填写');
  });

  it.each(['<p>一切都好</p>', '<p>\uE000某\uE001</p><input name="某" aria-label="别的">'])(
    'leaves a page without such a place as it is: %j',
    (html) => {
      expect(nameFields(html)).toBe(html);
    },
  );
});
