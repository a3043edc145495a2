import fc from 'fast-check';
import { cutParts, measure } from '../../src/messaging/wording/sms-parts.policy.js';

/** GSM 03.38 once more, written down by code points rather than as characters: the second opinion of the count (R40). */
const BASIC = [
  0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5, 0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0,
  0x3a8, 0x3a3, 0x398, 0x39e, 0xc6, 0xe6, 0xdf, 0xc9, 0x20, 0x21, 0x22, 0x23, 0xa4, 0xa1, 0xc4, 0xd6, 0xd1, 0xdc, 0xa7, 0xbf, 0xe4, 0xf6, 0xf1, 0xfc,
  0xe0,
];
const inRange = (code: number, from: number, to: number): boolean => code >= from && code <= to;
const isBasic = (code: number): boolean =>
  BASIC.includes(code) || inRange(code, 0x25, 0x3f) || inRange(code, 0x41, 0x5a) || inRange(code, 0x61, 0x7a);
const EXTENDED = [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac];

/** Parts by laying the text out unit by unit into boxes: another way than the one under test. */
function secondOpinion(text: string): { encoding: string; units: number; parts: number } {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  const gsm = codes.every((code) => isBasic(code) || EXTENDED.includes(code));
  const sizes = codes.map((code) => (gsm ? (EXTENDED.includes(code) ? 2 : 1) : code > 0xffff ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [single, box] = gsm ? [160, 153] : [70, 67];
  if (units === 0) return { encoding: gsm ? 'gsm7' : 'ucs2', units, parts: 0 };
  if (units <= single) return { encoding: gsm ? 'gsm7' : 'ucs2', units, parts: 1 };
  const boxes = [0];
  for (const size of sizes) {
    const last = boxes[boxes.length - 1] ?? 0;
    if (last + size > box) boxes.push(size);
    else boxes[boxes.length - 1] = last + size;
  }
  return { encoding: gsm ? 'gsm7' : 'ucs2', units, parts: boxes.length };
}

const latin = fc.string({ unit: fc.constantFrom(...'abcXYZ 019@£é\n', '€', '[', ']', '^', '{', '~', '\\', '|'), maxLength: 500 });
const chinese = fc.string({ unit: fc.constantFrom('关', '怀', '，', '1', 'a', '€', '[', '😀', '𠮷'), maxLength: 300 });
const anything = fc.string({ unit: 'binary', maxLength: 200 });

describe('R40 the count of parts agrees with a second implementation', () => {
  it.each([
    ['latin', latin],
    ['chinese with emoji and extension characters', chinese],
    ['anything', anything],
  ])('on %s', (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const { encoding, units, parts } = measure(text);
        expect({ encoding, units, parts }).toEqual(secondOpinion(text));
      }),
      { numRuns: 300 },
    );
  });

  it('cuts without loss, never through a pair, and no part is longer than the air takes', () => {
    fc.assert(
      fc.property(fc.oneof(latin, chinese), (text) => {
        const size = measure(text);
        const pieces = cutParts(text, size.breaks);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) {
          expect(/^[\udc00-\udfff]/.test(piece)).toBe(false);
          if (pieces.length > 1)
            expect(secondOpinion(size.encoding === 'ucs2' ? `${piece}关` : piece).units).toBeLessThanOrEqual(size.encoding === 'ucs2' ? 68 : 153);
        }
      }),
      { numRuns: 300 },
    );
  });
});
