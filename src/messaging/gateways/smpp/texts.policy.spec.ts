import fc from 'fast-check';
import type { OutgoingMessage } from '../gateway.types.js';
import { measure } from '../../wording/sms-parts.policy.js';
import { ucs2Octets, ucs2Text } from './alphabets.policy.js';
import { numberIn, tlvNumber } from '../tlvs.policy.js';
import { ESM, type ShortMessage, TAG } from './pdu.types.js';
import { readInbound, type Sender, submitsOf } from './texts.policy.js';

const SENDER: Sender = {
  source: { ton: 0, npi: 1, digits: '10659' },
  destinationTon: 1,
  destinationNpi: 1,
  numbers: 'international',
  longMessages: 'udh',
};
const ID = '0193a4d2-0000-7000-8000-00000000beef';
const message = (body: string): OutgoingMessage => ({ id: ID, number: '+8613800138000', body, parts: 1, encoding: 'ucs2' });
const submits = (body: string, sender: Partial<Sender> = {}, reference = 7): ShortMessage[] =>
  submitsOf(message(body), { ...SENDER, ...sender }, { own: 0xbeef, reference });

describe('SMS-4 messages as submit_sm', () => {
  it('one part: no header, our reference, a receipt wanted', () => {
    const [only, ...more] = submits('退订回复R');
    expect(more).toEqual([]);
    expect(only).toMatchObject({ esmClass: 0, dataCoding: 8, registeredDelivery: 1, destination: { ton: 1, npi: 1, digits: '8613800138000' } });
    expect([ucs2Text(only?.content ?? Buffer.alloc(0)), numberIn(only?.tlvs ?? new Map(), TAG.userMessageReference)]).toEqual(['退订回复R', 0xbeef]);
    expect(submits('hi', { numbers: 'national' })[0]?.destination.digits).toBe('13800138000');
  });

  it('R9 a text that is stale after a moment says so in each of its parts', () => {
    const notAfter = new Date('2026-11-24T20:30:00+08:00');
    const parts = submitsOf({ ...message('星'.repeat(150)), notAfter }, SENDER, { own: 1, reference: 7 });
    expect(parts.map(({ validUntil }) => validUntil)).toEqual(Array(3).fill('261124203000032+'));
    expect(submits('hi')[0]?.validUntil).toBe('');
  });

  it.each([
    [70, [140]],
    [71, [6 + 134, 6 + 8]],
    [134, [6 + 134, 6 + 134]],
    [135, [6 + 134, 6 + 134, 6 + 2]],
  ])('%d Chinese characters', (length, octets) => {
    expect(submits('星'.repeat(length)).map(({ content }) => content.length)).toEqual(octets);
  });

  it.each([
    [160, [160]],
    [161, [6 + 153, 6 + 8]],
    [306, [6 + 153, 6 + 153]],
  ])('%d characters of the default alphabet', (length, octets) => {
    const parts = submits('a'.repeat(length));
    expect(parts.map(({ content }) => content.length)).toEqual(octets);
    expect(parts.every(({ dataCoding }) => dataCoding === 0)).toBe(true);
  });

  it('an extension character and a pair move to the next part whole', () => {
    expect(submits(`${'a'.repeat(152)}€${'a'.repeat(20)}`).map(({ content }) => content.length)).toEqual([6 + 152, 6 + 22]);
    expect(submits(`${'星'.repeat(66)}😀${'星'.repeat(10)}`).map(({ content }) => content.length)).toEqual([6 + 132, 6 + 24]);
  });

  it('parts carry 05 00 03 reference total part, and the reference is one byte', () => {
    const heads = submits('星'.repeat(150), {}, 0x1ff).map(({ content, esmClass }) => [esmClass, content.subarray(0, 6).toString('hex')]);
    expect(heads).toEqual([
      [0x40, '050003ff0301'],
      [0x40, '050003ff0302'],
      [0x40, '050003ff0303'],
    ]);
  });

  it('or one message_payload, by setting', () => {
    const [only, ...more] = submits('星'.repeat(150), { longMessages: 'payload' });
    expect(more).toEqual([]);
    expect([only?.content.length, only?.esmClass, only?.tlvs.get(TAG.messagePayload)?.length]).toEqual([0, 0, 300]);
    expect(submits('星', { longMessages: 'payload' })[0]?.content.length).toBe(2);
  });

  it('every text comes back from its parts, none longer than 140 octets of UCS-2 or 159 of the alphabet', () => {
    const unit = fc.constantFrom(...'星关怀a1€{ü😀\n'.match(/./gsu)!);
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 500 }), (body) => {
        const parts = submits(body);
        expect(parts).toHaveLength(measure(body).parts);
        const texts = parts.map((part) => {
          expect(part.content.length).toBeLessThanOrEqual(part.dataCoding === 8 ? 140 : 160);
          return readInbound(part);
        });
        expect(texts.map((text) => text.body).join('')).toBe(body);
        if (texts.length > 1) expect(texts.map(({ of }) => of)).toEqual(texts.map((_, i) => ({ reference: 7, total: texts.length, part: i + 1 })));
      }),
      { seed: 20261128, numRuns: 150 },
    );
  });
});

describe('SMS-5 what customers write, as deliver_sm', () => {
  const [template] = submits('x');
  const inbound = (more: Partial<ShortMessage>): ReturnType<typeof readInbound> => readInbound({ ...template!, tlvs: new Map(), ...more });
  it.each<[string, Partial<ShortMessage>, ReturnType<typeof readInbound>]>([
    ['plain', { content: Buffer.from('TD') }, { body: 'TD', of: null }],
    ['R6 with a zero at its end', { dataCoding: 1, content: Buffer.from('TD\0') }, { body: 'TD', of: null }],
    [
      'R6 in UCS-2 with a zero and half a character at its end',
      { dataCoding: 8, content: Buffer.from('90008ba20000' + '00', 'hex') },
      { body: '退订', of: null },
    ],
    ['an empty one', { content: Buffer.alloc(0) }, { body: '', of: null }],
    [
      'in message_payload',
      { content: Buffer.alloc(0), dataCoding: 8, tlvs: new Map([[TAG.messagePayload, ucs2Octets('退订')]]) },
      { body: '退订', of: null },
    ],
    [
      'a header of two bytes of reference',
      { esmClass: ESM.udh, content: Buffer.from('06080412340201' + '5444', 'hex') },
      { body: 'TD', of: { reference: 0x1234, total: 2, part: 1 } },
    ],
    [
      'another element before the one of parts',
      { esmClass: ESM.udh, content: Buffer.from('09' + '24020101' + '0003070202' + '4e', 'hex') },
      { body: 'N', of: { reference: 7, total: 2, part: 2 } },
    ],
    [
      'parts by optional parameters',
      {
        content: Buffer.from('Y'),
        tlvs: new Map([
          [TAG.sarReference, tlvNumber(300, 2)],
          [TAG.sarTotal, tlvNumber(3, 1)],
          [TAG.sarPart, tlvNumber(2, 1)],
        ]),
      },
      { body: 'Y', of: { reference: 300, total: 3, part: 2 } },
    ],
    ['a part beyond the last', { esmClass: ESM.udh, content: Buffer.from('0500030702034e', 'hex') }, { body: 'N', of: null }],
    ['a header longer than the message', { esmClass: ESM.udh, content: Buffer.from('ff0003', 'hex') }, { body: '', of: null }],
    ['what is no text', { dataCoding: 4, content: Buffer.from('00ff', 'hex') }, { body: '00ff', of: null }],
  ])('%s', (_, more, read) => expect(inbound(more)).toEqual(read));

  it('survives any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 160 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 255 }),
        (content, esmClass, dataCoding) => {
          const read = inbound({ content: Buffer.from(content), esmClass, dataCoding });
          expect(typeof read.body).toBe('string');
          if (read.of) expect(read.of.part).toBeLessThanOrEqual(read.of.total);
        },
      ),
      { seed: 20261128, numRuns: 300 },
    );
  });
});
