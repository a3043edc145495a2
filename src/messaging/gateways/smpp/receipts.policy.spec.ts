import fc from 'fast-check';
import { gsm7Octets, ucs2Octets } from './alphabets.policy.js';
import { tlvNumber } from '../tlvs.policy.js';
import { normalisedId } from './message-ids.policy.js';
import { ESM, type ShortMessage, TAG } from './pdu.types.js';
import { isReport, readReport } from './receipts.policy.js';

const EMPTY: ShortMessage = {
  serviceType: '',
  source: { ton: 1, npi: 1, digits: '8613800138000' },
  destination: { ton: 0, npi: 1, digits: '10659' },
  esmClass: ESM.receipt,
  protocolId: 0,
  priority: 0,
  scheduledFor: '',
  validUntil: '',
  registeredDelivery: 0,
  replaceIfPresent: 0,
  dataCoding: 0,
  defaultMessageId: 0,
  content: Buffer.alloc(0),
  tlvs: new Map(),
};
const written = (text: string, more: Partial<ShortMessage> = {}): ShortMessage => ({ ...EMPTY, content: gsm7Octets(text), ...more });
const report = (stat: string, err = '000'): string =>
  `id:0012AB sub:001 dlvrd:001 submit date:2611241000 done date:2611241001 stat:${stat} err:${err} text:hello`;

describe('SMS-5 what a receipt says', () => {
  it.each([
    ['DELIVRD', '000', 'delivered', 'DELIVRD 000'],
    ['EXPIRED', '000', 'expired', 'EXPIRED 000'],
    ['DELETED', '000', 'undelivered', 'DELETED 000'],
    ['UNDELIV', '027', 'undelivered', 'UNDELIV 027'],
    ['REJECTD', '008', 'undelivered', 'REJECTD 008'],
    ['ACCEPTD', '000', 'accepted', 'ACCEPTD 000'],
    ['ENROUTE', '000', 'accepted', 'ENROUTE 000'],
    ['UNKNOWN', '000', 'unknown', 'UNKNOWN 000'],
    ['delivrd', '000', 'delivered', 'DELIVRD 000'],
    ['MK:0001', '001', 'unknown', 'MK:0001 001'],
  ])('%s %s', (stat, err, state, networkCode) => {
    expect(readReport(written(report(stat, err)), 'same')).toEqual({ ref: '12ab', reference: null, digits: '8613800138000', state, networkCode });
  });

  it('by its optional parameters, which win over the text', () => {
    const tlvs = new Map([
      [TAG.receiptedMessageId, Buffer.from('77\0')],
      [TAG.messageState, tlvNumber(5, 1)],
      [TAG.networkErrorCode, Buffer.from('03001b', 'hex')],
      [TAG.userMessageReference, tlvNumber(4711, 2)],
    ]);
    expect(readReport({ ...EMPTY, tlvs }, 'same')).toMatchObject({ ref: '77', state: 'undelivered', networkCode: 'UNDELIV 027', reference: 4711 });
    expect(readReport({ ...written(report('DELIVRD')), tlvs }, 'same')).toMatchObject({
      ref: '77',
      state: 'undelivered',
      networkCode: 'UNDELIV 000',
    });
  });

  it('in UCS-2, in a payload, and with the id in the account’s own spelling', () => {
    expect(readReport({ ...EMPTY, dataCoding: 8, content: ucs2Octets(report('DELIVRD')) }, 'same').state).toBe('delivered');
    expect(readReport({ ...EMPTY, tlvs: new Map([[TAG.messagePayload, Buffer.from(report('DELIVRD'))]]) }, 'same').state).toBe('delivered');
    expect(readReport(written('id:1715004 stat:DELIVRD err:000'), 'hex-decimal').ref).toBe('1a2b3c');
  });

  it.each([
    ['R42 an id with signs that the GSM alphabet has elsewhere', 'id:ab_12$3@4 stat:DELIVRD err:000', 0],
    ['R6 a zero at its end', 'id:ab_12$3@4 stat:DELIVRD err:000\0', 0],
    ['R6 a zero at its end, in Latin-1', 'id:ab_12$3@4 stat:DELIVRD err:000\0', 3],
  ])('%s', (_, text, dataCoding) => {
    const read = readReport({ ...EMPTY, dataCoding, content: Buffer.from(text, 'latin1') }, 'same');
    expect(read).toMatchObject({ ref: normalisedId('ab_12$3@4', 'answer', 'same'), state: 'delivered', networkCode: 'DELIVRD 000' });
  });

  it('the text of the message says nothing: it is the customer’s', () => {
    const forged = 'id:1 stat:UNDELIV err:027 text:x id:2 stat:DELIVRD';
    expect(readReport(written(forged), 'same')).toMatchObject({ ref: '1', state: 'undelivered' });
  });

  it.each<[string, Partial<ShortMessage>, boolean]>([
    ['the class of a receipt', { esmClass: 0x04 }, true],
    ['the class of a notification on the way', { esmClass: 0x20 }, true],
    ['no class, but the id of a message', { esmClass: 0, tlvs: new Map([[TAG.receiptedMessageId, Buffer.from('1')]]) }, true],
    ['a customer who writes like a receipt', { esmClass: 0, content: Buffer.from(report('DELIVRD')) }, false],
    ['a message in parts', { esmClass: 0x40 }, false],
  ])('is known by %s', (_, message, is) => expect(isReport({ ...EMPTY, ...message })).toBe(is));

  it('says unknown of any rubbish, and never breaks', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ maxLength: 8 }),
        (content, dataCoding, tlv) => {
          const tlvs = new Map(Object.values(TAG).map((tag) => [tag, Buffer.from(tlv)]));
          const read = readReport({ ...EMPTY, content: Buffer.from(content), dataCoding, tlvs }, 'hex-decimal');
          expect(['accepted', 'delivered', 'undelivered', 'expired', 'unknown']).toContain(read.state);
        },
      ),
      { seed: 20261128, numRuns: 300 },
    );
  });
});
