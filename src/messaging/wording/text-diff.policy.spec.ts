import fc from 'fast-check';
import { diffTexts } from './text-diff.policy.js';

const shown = (from: string, to: string): string =>
  diffTexts(from, to)
    .map(({ kind, text }) => (kind === 'gone' ? `[-${text}-]` : kind === 'new' ? `[+${text}+]` : text))
    .join('');

describe('SMS-1 the difference of two versions', () => {
  it.each([
    ['您好', '您好', '您好'],
    ['您好', '', '[-您好-]'],
    ['', '您好', '[+您好+]'],
    ['每月19元，当月有效', '每月29元，次月有效', '每月[-19-][+29+]元，[-当-][+次+]月有效'],
    ['{{name}}您好', '{{honorific}}您好', '[-{{name}}-][+{{honorific}}+]您好'],
    ['您好，{{honorific}}', '您好！😀{{honorific}}', '您好[-，-][+！😀+]{{honorific}}'],
  ])('%s → %s reads %s', (from, to, reading) => {
    expect(shown(from, to)).toBe(reading);
  });

  it('holds both texts whole, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('您', '好', '{{a}}', '1', 'x', '。') }),
        fc.string({ unit: fc.constantFrom('您', '好', '{{a}}', '2', '。') }),
        (from, to) => {
          const pieces = diffTexts(from, to);
          const side = (other: string): string =>
            pieces
              .filter(({ kind }) => kind !== other)
              .map(({ text }) => text)
              .join('');
          expect([side('new'), side('gone')]).toEqual([from, to]);
        },
      ),
    );
  });
});
