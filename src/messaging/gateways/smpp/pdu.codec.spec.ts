import fc from 'fast-check';
import * as codec from './pdu.codec.js';
import { type Bind, COMMAND, type Header, MOST_BYTES, PduFault, responseTo, type ShortMessage, TAG } from './pdu.types.js';
import { numberIn, textIn, tlvNumber } from '../tlvs.policy.js';
import { readInbound } from './texts.policy.js';
import { SmppDialect } from './smpp.dialect.js';
import { FrameSplitter } from '../session/frame-splitter.js';

const SEED = 20261128;
const runs = (numRuns: number): { seed: number; numRuns: number } => ({ seed: SEED, numRuns });

const byte = fc.integer({ min: 0, max: 255 });
const number32 = fc.integer({ min: 0, max: 0xffffffff });
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength });
const bytes = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const address = fc.record({ ton: byte, npi: byte, digits: text(20) });
const tlvs = fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), bytes(80)), { maxLength: 5 }).map((pairs) => new Map(pairs));
const shortMessage: fc.Arbitrary<ShortMessage> = fc.record({
  serviceType: text(5),
  source: address,
  destination: address,
  esmClass: byte,
  protocolId: byte,
  priority: byte,
  scheduledFor: text(16),
  validUntil: text(16),
  registeredDelivery: byte,
  replaceIfPresent: byte,
  dataCoding: byte,
  defaultMessageId: byte,
  content: bytes(254),
  tlvs,
});
const header = (command: number): fc.Arbitrary<Header> => fc.record({ command: fc.constant(command), status: number32, sequence: number32 });
const bind: fc.Arbitrary<Bind> = fc.record({ systemId: text(15), password: text(8), systemType: text(12), interfaceVersion: byte, address });

const SAMPLE: ShortMessage = {
  serviceType: 'CMT',
  source: { ton: 0, npi: 1, digits: '10659' },
  destination: { ton: 1, npi: 1, digits: '8613800138000' },
  esmClass: 0x40,
  protocolId: 0,
  priority: 0,
  scheduledFor: '',
  validUntil: '000003000000000R',
  registeredDelivery: 1,
  replaceIfPresent: 0,
  dataCoding: 8,
  defaultMessageId: 0,
  content: Buffer.from('050003070201', 'hex'),
  tlvs: new Map([[TAG.userMessageReference, tlvNumber(4711, 2)]]),
};
const ok = (command: number): Header => ({ command, status: 0, sequence: 7 });
/** An opt-out: addresses, class of a message, no receipt, UCS-2, message_payload. */
const DATA_SM = Buffer.from(
  '00000030' +
    '00000103' +
    '00000000' +
    '00000007' +
    '00' +
    '0101383631333800' +
    '000131303600' +
    '000008' +
    '042400049000' +
    '8ba2' +
    '02040002' +
    '1267',
  'hex',
);
const VALID: readonly [string, Buffer, (pdu: Buffer) => unknown][] = [
  ['submit_sm', codec.writeShortMessage(ok(COMMAND.submitSm), SAMPLE), codec.readShortMessage],
  ['deliver_sm', codec.writeShortMessage(ok(COMMAND.deliverSm), SAMPLE), codec.readShortMessage],
  ['data_sm', DATA_SM, codec.readDataMessage],
  [
    'bind_transceiver',
    codec.writeBind(ok(COMMAND.bindTransceiver), {
      systemId: 'care',
      password: 'secret',
      systemType: '',
      interfaceVersion: 0x34,
      address: SAMPLE.source,
    }),
    codec.readBind,
  ],
  ['query_sm', codec.writeQuery(ok(COMMAND.querySm), '0A1B', SAMPLE.source), codec.readQuery],
  [
    'query_sm_resp',
    codec.writeQueryAnswer(ok(responseTo(COMMAND.querySm)), { messageId: '0A1B', finalDate: '', state: 2, errorCode: 0 }),
    codec.readQueryAnswer,
  ],
];

describe('SMS-4 the bytes of SMPP 3.4', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(header(COMMAND.submitSm), shortMessage, (head, message) => {
        const pdu = codec.writeShortMessage(head, message);
        expect(codec.pduLength(pdu, 0)).toBe(pdu.length);
        expect(codec.readHeader(pdu)).toEqual(head);
        expect(codec.readShortMessage(pdu)).toEqual(message);
      }),
      runs(300),
    );
    fc.assert(
      fc.property(header(COMMAND.bindTransceiver), bind, (head, body) => expect(codec.readBind(codec.writeBind(head, body))).toEqual(body)),
      runs(100),
    );
    fc.assert(
      fc.property(text(64), (id) => expect(codec.readFirstText(codec.writeWithText(ok(responseTo(COMMAND.submitSm)), id))).toBe(id)),
      runs(100),
    );
  });

  it('are those of the standard', () => {
    const pdu = codec.writeShortMessage(ok(COMMAND.submitSm), { ...SAMPLE, validUntil: '', serviceType: '' });
    expect(pdu.toString('hex')).toBe(
      '0000003f' +
        '00000004' +
        '00000000' +
        '00000007' + // header
        '00' +
        '00013130363539' +
        '00' +
        '0101' +
        '38363133383030313338303030' +
        '00' + // service_type, addresses
        '400000' +
        '00' +
        '00' +
        '01000800' +
        '06' +
        '050003070201' + // classes, dates, flags, short_message
        '020400021267', // user_message_reference 4711
    );
  });

  it.each(VALID)('%s cut at any byte is a fault, never a crash', (name, pdu, read) => {
    expect(() => read(pdu)).not.toThrow();
    for (let length = 0; length < pdu.length; length += 1) {
      const cut = Buffer.from(pdu.subarray(0, length));
      expect(codec.pduLength(cut, 0)).toBe(length < 4 ? 0 : pdu.length); // so a reader waits for the rest
      if (length < 16) continue;
      cut.writeUInt32BE(length, 0); // and if it lies about its length
      const optional = name === 'data_sm' ? 14 : /^(submit|deliver)_sm$/.test(name) ? 6 : 0;
      const whole = optional > 0 && length >= pdu.length - optional; // a PDU without its optional parameters, or with a piece of them, is one
      if (whole) expect(() => read(cut)).not.toThrow();
      else expect(() => read(cut)).toThrow(PduFault);
    }
  });

  it('SMS-5 of data_sm are a message like any other, and it is answered under its own name', () => {
    const dialect = new SmppDialect({ mode: 'receiver', systemId: '', password: '', systemType: '', interfaceVersion: 0x34, address: SAMPLE.source });
    const heard = dialect.hear(DATA_SM);
    if (heard.kind !== 'event') throw new Error(heard.kind);
    expect(readInbound(heard.event).body).toBe('退订');
    expect(heard.event).toMatchObject({ source: { digits: '86138' }, destination: { digits: '106' }, esmClass: 0 });
    expect([true, false].map((kept) => codec.readHeader(heard.acknowledge(kept)))).toEqual([
      { command: 0x80000103, status: 0, sequence: 7 },
      { command: 0x80000103, status: 0x64, sequence: 7 },
    ]);
  });

  it('of a length no PDU can have are a fault', () => {
    for (const length of [0, 1, 15, MOST_BYTES + 1, 0x7fffffff, 0xffffffff]) {
      const pdu = Buffer.alloc(16);
      pdu.writeUInt32BE(length, 0);
      pdu.writeUInt32BE(99, 12);
      expect(() => codec.pduLength(pdu, 0)).toThrow(expect.objectContaining({ status: 0x02, sequence: 99 }));
      expect(() => codec.pduLength(pdu.subarray(0, 4), 0)).toThrow(PduFault);
    }
  });

  it('at random: a dialect hears something or finds a fault, and always moves on', () => {
    const dialect = new SmppDialect({
      mode: 'transceiver',
      systemId: 'a',
      password: 'b',
      systemType: '',
      interfaceVersion: 0x34,
      address: SAMPLE.source,
    });
    const commands = fc.constantFrom(...Object.values(COMMAND), ...Object.values(COMMAND).map(responseTo), 0xdeadbeef);
    fc.assert(
      fc.property(commands, number32, bytes(300), (command, status, body) => {
        const frame = Buffer.concat([codec.writeBare({ command, status, sequence: 5 }), body]);
        frame.writeUInt32BE(frame.length, 0);
        try {
          expect(['answer', 'event', 'control']).toContain(dialect.hear(frame).kind);
        } catch (fault) {
          expect(fault).toBeInstanceOf(PduFault);
          expect(dialect.complain(fault)?.readUInt32BE(4)).toBe(COMMAND.genericNack);
        }
      }),
      runs(2000),
    );
  });

  it('are cut into the same PDUs however they arrive', () => {
    fc.assert(
      fc.property(
        fc.array(shortMessage, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
        (messages, sizes) => {
          const sent = messages.map((message) => codec.writeShortMessage(ok(COMMAND.deliverSm), message));
          const stream = Buffer.concat(sent);
          const heard: string[] = [];
          const splitter = new FrameSplitter(codec.pduLength);
          for (let at = 0, i = 0; at < stream.length; i += 1) {
            const size = sizes[i % sizes.length] ?? 1;
            splitter.push(stream.subarray(at, at + size), (frame) => heard.push(frame.toString('hex')) > 0);
            at += size;
          }
          expect(heard).toEqual(sent.map((pdu) => pdu.toString('hex')));
        },
      ),
      runs(100),
    );
  });

  it('SMS-5 of a message are kept, though the last optional parameter breaks off or promises more than is there', () => {
    const pdu = codec.writeShortMessage(ok(COMMAND.deliverSm), SAMPLE);
    for (const rest of ['04', '042704', '04270001', '0427ffff02']) {
      const broken = Buffer.concat([pdu, Buffer.from(rest, 'hex')]);
      broken.writeUInt32BE(broken.length, 0);
      expect(codec.readShortMessage(broken)).toEqual(SAMPLE);
    }
  });

  it('of optional parameters are read in whatever width they come', () => {
    const of = (hex: string): Map<number, Buffer> => new Map([[1, Buffer.from(hex, 'hex')]]);
    expect([of('02'), of('0002'), of('00000002'), of(''), new Map()].map((found) => numberIn(found, 1))).toEqual([2, 2, 2, null, null]);
    expect([of('41424300'), of('414243'), of(''), new Map()].map((found) => textIn(found, 1))).toEqual(['ABC', 'ABC', '', null]);
  });
});
