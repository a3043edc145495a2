import { cutParts, lengthFault, measure } from './sms-parts.policy.js';

const han = (n: number): string => '关'.repeat(n);
const EMOJI = '😀';

describe('SMS-2 length in parts', () => {
  it('refuses an empty text and one over 500 characters', () => {
    expect(measure('')).toMatchObject({ units: 0, parts: 0 });
    expect(lengthFault(measure(''))).toBe('sms_empty');
    expect(lengthFault(measure(han(501)))).toBe('sms_too_long');
    expect(lengthFault(measure(han(500)))).toBeNull();
  });

  it.each([
    [1, 1],
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
    [150, 3],
    [160, 3],
    [201, 3],
    [202, 4],
    [500, 8],
  ])('counts %i Chinese characters as %i part(s)', (units, parts) => {
    expect(measure(han(units))).toMatchObject({ encoding: 'ucs2', units, parts });
  });

  it('counts letters, digits and punctuation as one each once one Chinese character is there', () => {
    expect(measure('中' + 'a'.repeat(69))).toMatchObject({ units: 70, parts: 1 });
    expect(measure('中' + 'a'.repeat(70))).toMatchObject({ units: 71, parts: 2 });
  });

  it('counts an emoji as two: 69 Chinese characters and one emoji are 71, two parts', () => {
    expect(measure(han(69) + EMOJI)).toMatchObject({ units: 71, parts: 2 });
  });

  it('moves a surrogate pair at positions 67 and 68 whole to the next part', () => {
    const text = han(66) + EMOJI + han(10);
    const size = measure(text);
    expect(size.breaks).toEqual([66]);
    expect(cutParts(text, size.breaks)).toEqual([han(66), EMOJI + han(10)]);
  });

  it('needs a part more when pairs do not fit the borders', () => {
    // 133 units fit two parts of 67, but the pair at the border leaves a unit of the first part empty.
    expect(measure(han(66) + EMOJI + han(66)).parts).toBe(3);
  });

  it('counts the signature with its brackets', () => {
    expect(measure('【蓝队云】').units).toBe(5);
  });

  it.each([
    ['plain latin of 160', 'a'.repeat(160), 160, 1],
    ['plain latin of 161', 'a'.repeat(161), 161, 2],
    ['latin of 306', 'a'.repeat(306), 306, 2],
    ['latin of 307', 'a'.repeat(307), 307, 3],
    ['the euro sign, two septets', '€'.repeat(80), 160, 1],
    ['80 euro signs and a letter', '€'.repeat(80) + 'a', 161, 2],
  ])('GSM-7: %s', (_name, text, units, parts) => {
    expect(measure(text)).toMatchObject({ encoding: 'gsm7', units, parts });
  });

  it('R40 never cuts an escape pair apart, and counts extension characters once after the switch to UCS-2', () => {
    expect(measure('a'.repeat(152) + '€' + 'a'.repeat(20)).breaks).toEqual([152]);
    expect(measure('中[]{}')).toMatchObject({ encoding: 'ucs2', units: 5, parts: 1 });
  });

  it('cuts a text into exactly its characters', () => {
    const text = han(200) + EMOJI.repeat(30);
    expect(cutParts(text, measure(text).breaks).join('')).toBe(text);
  });
});
