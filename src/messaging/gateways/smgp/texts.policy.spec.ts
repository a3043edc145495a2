import fc from 'fast-check';
import { gbk } from '../../../../test/support/gbk.js';
import type { OutgoingMessage } from '../gateway.types.js';
import { measure } from '../../wording/sms-parts.policy.js';
import { ucs2Octets } from '../smpp/alphabets.policy.js';
import { type Deliver, FORMAT, type Submit, TAG } from './packet.types.js';
import { readInbound, submitsOf } from './texts.policy.js';

const SENDER = { from: '10659', serviceId: 'care', msgSrc: '', numbers: 'national' } as const;
const message = (body: string): OutgoingMessage => {
  const { parts, encoding } = measure(body);
  return { id: '0193a4d2-0000-7000-8000-00000000beef', number: '+8618900000001', body, parts, encoding };
};
const sent = (body: string, more: Partial<Parameters<typeof submitsOf>[1]> = {}): Submit[] => submitsOf(message(body), { ...SENDER, ...more }, 300);
const asDeliver = ({ format, content, tlvs }: Pick<Submit, 'format' | 'content' | 'tlvs'>): Deliver => ({
  id: Buffer.alloc(10),
  isReport: false,
  format,
  receivedAt: '',
  source: '18900000001',
  destination: '10659',
  content,
  tlvs,
});
const heard = (format: number, content: Buffer, udhi = 0): ReturnType<typeof readInbound> =>
  readInbound(asDeliver({ format, content, tlvs: new Map([[TAG.tpUdhi, Buffer.from([udhi])]]) }));

describe('SMS-4 messages of ours as Submits', () => {
  it('short ones: ASCII as it is, all else in UCS-2, free of charge and with a report', () => {
    const [plain] = sent('Hi @ $_ {x}');
    expect(plain).toMatchObject({
      type: 6,
      needReport: 1,
      feeType: '00',
      serviceId: 'care',
      source: '10659',
      destinations: ['18900000001'],
      format: 0,
    });
    expect(plain?.content.toString('latin1')).toBe('Hi @ $_ {x}');
    expect(plain?.tlvs.size).toBe(0);
    for (const body of ['您好', 'price: £5', 'a`b']) {
      expect(sent(body)).toMatchObject([{ format: FORMAT.ucs2, content: ucs2Octets(body) }]);
    }
  });

  it('R9 until when they may be delivered', () => {
    const [timed] = submitsOf({ ...message('您好'), notAfter: new Date('2026-11-24T20:30:00+08:00') }, SENDER, 300);
    expect([timed?.validTime, sent('您好')[0]?.validTime]).toEqual(['261124203000032+', '']);
  });

  it('R40 long ones in parts with a header, the parts numbered in it and beside it', () => {
    const body = '尊敬的客户您好，'.repeat(10);
    const parts = sent(body, { msgSrc: 'care' });
    expect(parts.map(({ content }) => content.subarray(0, 6).toString('hex'))).toEqual(['0500032c0201', '0500032c0202']);
    expect(parts.map(({ content }) => content.length)).toEqual([140, 32]);
    expect([...(parts[1]?.tlvs ?? [])].map(([tag, value]) => [tag, value.toString('hex')])).toEqual([
      [TAG.tpUdhi, '01'],
      [TAG.msgSrc, '6361726500000000'],
      [TAG.pkTotal, '02'],
      [TAG.pkNumber, '02'],
    ]);
  });

  it('fit into their packets whatever they say, and read again are the same text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }),
      fc.string({ unit: fc.constantFrom(...'abc @£€{}[]~^|\\Ω\n'), minLength: 1, maxLength: 400 }),
      fc.string({ unit: fc.constantFrom(...'abc 012[]{}'), minLength: 1, maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, (body) => {
        const submits = sent(body);
        for (const { format, content } of submits) expect(content.length).toBeLessThanOrEqual(format === FORMAT.ascii ? 160 : 140);
        const read = submits.map((submit) => readInbound(asDeliver(submit)));
        expect(read.map((part) => part.body).join('')).toBe(body);
        expect(read.map(({ of }) => of)).toEqual(
          submits.length === 1 ? [null] : submits.map((_, i) => ({ reference: 300 & 0xff, total: submits.length, part: i + 1 })),
        );
      }),
      { seed: 20261128, numRuns: 200 },
    );
  });

  it('to numbers with 86 where the gateway wants them', () => {
    expect(sent('hi', { numbers: 'international' })[0]?.destinations).toEqual(['8618900000001']);
  });
});

describe('SMS-5 what customers write', () => {
  it.each([
    ['in ASCII', 0, Buffer.from('TD'), 'TD'],
    ['in UCS-2', 8, ucs2Octets('退订'), '退订'],
    ['R6 in ASCII with a zero at its end', 0, Buffer.from('TD\0'), 'TD'],
    ['R6 in UCS-2 with a zero and half a character at its end', 8, Buffer.concat([ucs2Octets('退订\0'), Buffer.from([0])]), '退订'],
    ['in GB18030', 15, gbk('退订'), '退订'],
    ['in bytes that are no text', 4, Buffer.from('00ff', 'hex'), '00ff'],
  ])('%s', (_, format, content, body) => expect(heard(format, content)).toEqual({ body, of: null }));

  it('in parts, and with a header that makes no sense', () => {
    expect(heard(8, Buffer.concat([Buffer.from('050003090201', 'hex'), ucs2Octets('退')]), 1)).toEqual({
      body: '退',
      of: { reference: 9, total: 2, part: 1 },
    });
    expect(heard(0, Buffer.concat([Buffer.from('050003090205', 'hex'), Buffer.from('x')]), 1)).toEqual({ body: 'x', of: null });
    expect(heard(0, Buffer.from('ff', 'hex'), 1)).toEqual({ body: '', of: null });
  });
});
