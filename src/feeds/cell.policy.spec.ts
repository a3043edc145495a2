import { cellReader } from './cell.policy.js';
import type { FeedColumn } from './feeds.types.js';

const column = (type: FeedColumn['type'], more: Partial<FeedColumn> = {}): FeedColumn => ({ name: 'x', synonyms: [], type, ...more });
const read = (type: FeedColumn['type'], text: string, more: Partial<FeedColumn> = {}) => cellReader(column(type, more))(text);

const GENDER = { choices: { 男: 'male', 女: 'female', M: 'male', F: 'female' } };

describe('FED-3 a good cell is staged in one spelling', () => {
  it.each<[FeedColumn['type'], string, string, Partial<FeedColumn>?]>([
    ['phone', '138 0013 8000', '+8613800138000'],
    ['phone', '+86 138-0013-8000', '+8613800138000'],
    ['phone', '13800138000.0', '+8613800138000'],
    ['star', '7', '7'],
    ['star', '5星', '5'],
    ['star', '3.0', '3'],
    ['int', '1,024', '1024'],
    ['int', '60.0', '60'],
    ['fen', '239', '23900'],
    ['fen', '¥1,239.5', '123950'],
    ['fen', '88.3333', '8833'],
    ['bool', '是', 't'],
    ['bool', '0', 'f'],
    ['bool', 'Y', 't'],
    ['bool', 'False', 'f'],
    ['choice', '男', 'male', GENDER],
    ['choice', 'f', 'female', GENDER],
    ['choice', 'male', 'male', GENDER],
    ['day', '2001/2/3', '2001-02-03'],
    ['text', '张三', '张三'],
    ['fraction', '0.87', '0.87'],
    ['fraction', '.5', '0.5'],
    ['fraction', '1', '1'],
    ['fraction', '0', '0'],
    ['fraction', '1.0', '1'],
    ['fraction', '87.5%', '0.875'],
    ['fraction', '100%', '1'],
    ['fraction', '0.8731234567890123', '0.873123'],
    ['fraction', '5e-05', '0.00005'],
    ['fraction', '3E-9', '0'],
    ['codes', 'TC129', '{"TC129"}'],
    ['codes', 'TC199、TC129，TC199 TC59;X|Y', '{"TC129","TC199","TC59","X","Y"}'],
    ['codes', 'null', '{"null"}'],
    ['codes', 'a"b\\c', '{"a\\"b\\\\c"}'],
    ['codes', '、', '{}'],
  ])('%s %s → %s', (...[type, text, staged, more]) => {
    expect(read(type, text, more)).toBe(staged);
  });
});

describe('FED-6 a wrong cell is refused with the name of the trap', () => {
  it.each<[FeedColumn['type'], string, object, Partial<FeedColumn>?]>([
    ['phone', '1380013800', { reason: 'phone_length', params: { digits: 10 } }],
    ['phone', '1.38001E+10', { reason: 'phone_scientific' }],
    ['phone', '1891234OO37', { reason: 'phone_letters' }],
    ['phone', '22800138000', { reason: 'phone_prefix' }],
    ['star', '8', { reason: 'star_range' }],
    ['star', '7.5', { reason: 'star_range' }],
    ['int', '1.2E+10', { reason: 'scientific' }],
    ['int', 'many', { reason: 'not_a_number' }],
    ['int', '-1', { reason: 'out_of_range', params: { min: 0, max: 2147483647 } }],
    ['fen', '1.5E+3', { reason: 'scientific' }],
    ['fen', '约100', { reason: 'not_an_amount' }],
    ['bool', '也许', { reason: 'not_yes_or_no' }],
    ['choice', 'X', { reason: 'not_a_choice', params: { allowed: '男、女、M、F' } }, GENDER],
    ['day', '45231', { reason: 'day_serial', params: { day: '2023-11-01' } }],
    ['day', '2023-02-29', { reason: 'day_missing' }],
    ['day', '2.02601E+07', { reason: 'scientific' }],
    ['month', '46296', { reason: 'day_serial', params: { day: '2026-10-01' } }],
    ['month', 'Oct-26', { reason: 'month_format' }],
    ['instant', '46298.3958', { reason: 'day_serial', params: { day: '2026-10-03' } }],
    ['instant', '2026-10-03', { reason: 'instant_format' }],
    ['text', '1.33113E+10', { reason: 'scientific' }],
    ['text', '1.1010119900307123E+17', { reason: 'scientific' }],
    ['fraction', '87', { reason: 'fraction_range' }],
    ['fraction', '1.01', { reason: 'fraction_range' }],
    ['fraction', '101%', { reason: 'fraction_range' }],
    ['fraction', '-0.1', { reason: 'fraction_range' }],
    ['fraction', '1.33113E+10', { reason: 'fraction_range' }],
    ['fraction', '高', { reason: 'not_a_fraction' }],
    ['fraction', '0,87', { reason: 'not_a_fraction' }],
    ['fraction', '.', { reason: 'not_a_fraction' }],
    ['fraction', 'NaN', { reason: 'not_a_fraction' }],
    ['codes', 'A、\ufffd', { reason: 'broken_characters' }],
    ['codes', `A、${'x'.repeat(65)}`, { reason: 'too_long', params: { max: 64 } }],
    ['text', '张\ufffd', { reason: 'broken_characters' }],
    ['text', 'x'.repeat(201), { reason: 'too_long', params: { max: 200 } }],
  ])('%s %s', (...[type, text, fault, more]) => {
    expect(read(type, text, more)).toEqual(fault);
  });
});
