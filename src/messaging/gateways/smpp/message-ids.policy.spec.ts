import { type IdFormat, normalisedId } from './message-ids.policy.js';

describe('R42 the same id in answer and receipt', () => {
  it.each<[IdFormat, string, string]>([
    ['same', '12AB', '12ab'],
    ['same', '0012ab', '12AB'],
    ['same', '8C0F-11', '8c0f-11'],
    ['same', '0', '000'],
    ['same', ' 4711 ', '4711'],
    ['hex-decimal', '1A2B3C', '1715004'],
    ['hex-decimal', '0x001a2b3c', '0001715004'],
    ['hex-decimal', 'FFFFFFFFFFFFFFFF', '18446744073709551615'],
    ['hex-decimal', 'msg-7', 'MSG-7'],
    ['decimal-hex', '1715004', '1a2b3c'],
    ['decimal-hex', '0001715004', '001A2B3C'],
    ['decimal-hex', 'a.7', 'A.7'],
  ])('%s: %s and %s', (format, answer, receipt) => {
    expect(normalisedId(answer, 'answer', format)).toBe(normalisedId(receipt, 'receipt', format));
  });

  it.each<[IdFormat, string, string]>([
    ['same', '10', '16'],
    ['same', '1a', '1b'],
    ['same', '10', '100'],
    ['hex-decimal', '10', '10'],
    ['decimal-hex', '10', '10'],
  ])('%s: %s is not %s', (format, answer, receipt) => {
    expect(normalisedId(answer, 'answer', format)).not.toBe(normalisedId(receipt, 'receipt', format));
  });
});
