import { checkSign, maskIdCard, readIdCard, shownIdCard } from './id-card.policy.js';

const TODAY = '2026-11-24';
/** A number that exists for nobody, with the right check sign. */
const made = (first17: string): string => first17 + checkSign(first17);

describe('CUS-2 an ID-card number is checked by GB 11643', () => {
  it.each<[string, string]>([
    // the examples of the standard and of its commentary
    ['11010519491231002X', '11010519491231002X'],
    ['440524188001010014', 'birth'],
    ['34052419800101001X', '34052419800101001X'],
    ['510105198702180017', 'check'],
    [made('32010219900307271'), made('32010219900307271')],
    [made('32010220000229001'), made('32010220000229001')],
    [made('83000019900307271'), made('83000019900307271')],
    // spellings
    ['11010519491231002x', '11010519491231002X'],
    ['110105 19491231 002X', '11010519491231002X'],
    ['110105-19491231-002X', '11010519491231002X'],
    ['１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
    // faults
    ['', 'length'],
    ['110105491231002', 'length'],
    ['11010519491231002', 'length'],
    ['11010519491231002XX', 'length'],
    ['1101051949123100ＡX', 'letters'],
    ['11010519491231X02X', 'letters'],
    ['1.1010519491231E+1', 'letters'],
    [made('00010519491231002'), 'region'],
    [made('99010519491231002'), 'region'],
    [made('32010219900229001'), 'birth'],
    [made('32010219901301001'), 'birth'],
    [made('32010218991231001'), 'birth'],
    [made('32010220261125001'), 'birth'],
    [made('32010220261124001'), made('32010220261124001')],
    ['110105194912310021', 'check'],
    ['110105194912310020', 'check'],
  ])('%s: %s', (typed, read) => {
    const answer = readIdCard(typed, TODAY);
    expect('number' in answer ? answer.number : answer.fault).toBe(read);
  });

  it('one wrong digit, and two neighbours exchanged, are always noticed', () => {
    const right = made('32010219900307271');
    for (let at = 0; at < 17; at += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const wrong = right.slice(0, at) + String(digit) + right.slice(at + 1);
        if (wrong !== right) expect('fault' in readIdCard(wrong, TODAY)).toBe(true);
      }
      const swapped = right.slice(0, at) + (right[at + 1] ?? '') + (right[at] ?? '') + right.slice(at + 2);
      if (swapped !== right) expect('fault' in readIdCard(swapped, TODAY)).toBe(true);
    }
  });

  it('is shown masked, and whole in three groups', () => {
    expect(maskIdCard('32010219900307271X')).toBe('3201 **** **** 271X');
    expect(shownIdCard('32010219900307271X')).toBe('320102 19900307 271X');
  });
});
