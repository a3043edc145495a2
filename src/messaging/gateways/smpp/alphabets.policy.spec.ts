import fc from 'fast-check';
import { measure } from '../../wording/sms-parts.policy.js';
import { gsm7Octets, gsm7Text, textOf, ucs2Octets, ucs2Text } from './alphabets.policy.js';

const runs = { seed: 20261128, numRuns: 200 };

describe('R40 texts on the air', () => {
  it.each([
    ['Hello @ £', '48656c6c6f200020' + '01'],
    ['{€}[~]\\|^', '1b28' + '1b65' + '1b29' + '1b3c' + '1b3d' + '1b3e' + '1b2f' + '1b40' + '1b14'],
    ['ÄÖÑÜ§¿äöñüà', '5b5c5d5e5f607b7c7d7e7f'],
  ])('%s in the default alphabet', (text, hex) => {
    expect(gsm7Octets(text).toString('hex')).toBe(hex);
    expect(gsm7Text(gsm7Octets(text))).toBe(text);
  });

  it('Chinese and pairs in UCS-2, big end first', () => {
    expect(ucs2Octets('中国😀').toString('hex')).toBe('4e2d56fdd83dde00');
    expect(ucs2Text(Buffer.from('4e2d56fdd83dde00ff', 'hex'))).toBe('中国😀');
  });

  it('has as many octets as the measure has units, for every text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: fc.constantFrom(...'abc @£€{}[]~^|\\Ω\n'), maxLength: 200 }),
        (any, gsm) => {
          for (const text of [any, gsm]) {
            const { encoding, units } = measure(text);
            expect(encoding === 'gsm7' ? gsm7Octets(text).length : ucs2Octets(text).length / 2).toBe(units);
            expect(encoding === 'gsm7' ? gsm7Text(gsm7Octets(text)) : ucs2Text(ucs2Octets(text))).toBe(text);
          }
        },
      ),
      runs,
    );
  });

  it.each([
    [0, '48690a', 'Hi\n'],
    [1, '4869', 'Hi'],
    [3, 'fc', 'ü'],
    [8, '9000', '退'],
    [15, 'cdcbb6a9', '退订'],
    [0x18, '9000', '退'],
    [0xf1, '4869', 'Hi'],
    [4, '4869', null],
    [0xf5, '4869', null],
  ])('data_coding %d', (coding, hex, text) => {
    expect(textOf(Buffer.from(hex, 'hex'), coding)).toBe(text);
  });

  it('reads any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), fc.integer({ min: 0, max: 255 }), (octets, coding) => {
        const text = textOf(Buffer.from(octets), coding);
        expect(text === null || text.length <= octets.length * 2).toBe(true);
      }),
      runs,
    );
  });
});
