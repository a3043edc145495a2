import fc from 'fast-check';
import { FrameSplitter } from '../session/frame-splitter.js';
import { authenticatorOf, loginTimestamp } from './login-proof.js';
import * as codec from './packet.codec.js';
import { type Deliver, type Login, MOST_BYTES, PacketFault, REQUEST, responseTo, type Submit, TAG } from './packet.types.js';
import { SmgpDialect } from './smgp.dialect.js';

const SEED = 20261128;
const runs = (numRuns: number): { seed: number; numRuns: number } => ({ seed: SEED, numRuns });

/** Bytes as they stand in the layout, field by field: no code of ours has a part in them. */
const hex = (...fields: string[]): string => fields.join('').replaceAll(' ', '');
const zeros = (count: number): string => '00'.repeat(count);
/** Texts in hexadecimal, by hand: 10659 = 31 30 36 35 39. */
const NUMBER_10659 = `3130363539${zeros(16)}`;
const NUMBER_18900000001 = `3138393030303030303031${zeros(10)}`;

const LOGIN_BYTES = hex(
  '0000002a 00000001 00000001', // 42 bytes, Login, sequence 1
  '3030303031323334', // ClientID 00001234
  'f9fce6067b881b87fbf7ff54ebe8e983', // MD5 of 00001234, seven zeros, secret, 0301000000, by md5sum
  '02', // both ways
  '11f0e540', // 0301000000
  '30', // version 3.0
);
const SUBMIT_BYTES = hex(
  '000000ac 00000002 00000007', // 172 bytes
  '06 01 01', // MsgType MT, a report wanted, normal priority
  '63617265000000000000', // ServiceID care
  '3030', // FeeType 00
  '303030303030', // FeeCode 000000
  '303030303030', // FixedFee 000000
  '08', // UCS-2
  zeros(17), // ValidTime
  zeros(17), // AtTime
  NUMBER_10659, // SrcTermID
  zeros(21), // ChargeTermID
  '01', // DestTermIDCount
  NUMBER_18900000001, // DestTermID
  '0a', // MsgLength
  '050003070201', // header of part 1 of 2
  '4f60597d', // 你好
  zeros(8), // Reserve
  '0002 0001 01', // TP_udhi
  '0009 0001 02', // PkTotal
  '000a 0001 01', // PkNumber
);
const REPORT_TEXT = hex(
  '69643a', // id:
  '59100311241000000042', // ten raw bytes
  '207375623a303031', // sub:001
  '20646c7672643a303031', // dlvrd:001
  '207375626d697420646174653a32363131323431303030', // submit date:2611241000
  '20646f6e6520646174653a32363131323431303031', // done date:2611241001
  '20737461743a44454c49565244', // stat:DELIVRD
  '206572723a303030', // err:000
  '20746578743a', // text:
  '20'.repeat(20),
);
const DELIVER_BYTES = hex(
  '000000d3 00000003 00000009', // 211 bytes
  '59100311241001000043', // MsgID
  '01 00', // IsReport, ASCII
  '3230323631313234313030313030', // RecvTime 20261124100100
  NUMBER_18900000001, // SrcTermID
  NUMBER_10659, // DestTermID
  '7a', // 122 bytes
  REPORT_TEXT,
  zeros(8), // Reserve
);

const SUBMIT: Submit = {
  type: 6,
  needReport: 1,
  priority: 1,
  serviceId: 'care',
  feeType: '00',
  feeCode: '000000',
  fixedFee: '000000',
  format: 8,
  validTime: '',
  atTime: '',
  source: '10659',
  charged: '',
  destinations: ['18900000001'],
  content: Buffer.from('0500030702014f60597d', 'hex'),
  tlvs: new Map([
    [TAG.tpUdhi, Buffer.from([1])],
    [TAG.pkTotal, Buffer.from([2])],
    [TAG.pkNumber, Buffer.from([1])],
  ]),
};
const DELIVER: Deliver = {
  id: Buffer.from('59100311241001000043', 'hex'),
  isReport: true,
  format: 0,
  receivedAt: '20261124100100',
  source: '18900000001',
  destination: '10659',
  content: Buffer.from(REPORT_TEXT, 'hex'),
  tlvs: new Map(),
};
const LOGIN: Login = {
  clientId: '00001234',
  authenticator: Buffer.from('f9fce6067b881b87fbf7ff54ebe8e983', 'hex'),
  mode: 2,
  timestamp: 301000000,
  version: 0x30,
};

describe('SMS-4 the bytes of SMGP 3.0', () => {
  it('of Login, Submit and Deliver are those of the layout', () => {
    expect(codec.writeLogin({ request: REQUEST.login, sequence: 1 }, LOGIN).toString('hex')).toBe(LOGIN_BYTES);
    expect(codec.writeSubmit({ request: REQUEST.submit, sequence: 7 }, SUBMIT).toString('hex')).toBe(SUBMIT_BYTES);
    expect(codec.writeDeliver({ request: REQUEST.deliver, sequence: 9 }, DELIVER).toString('hex')).toBe(DELIVER_BYTES);
    expect(codec.readLogin(Buffer.from(LOGIN_BYTES, 'hex'))).toEqual(LOGIN);
    expect(codec.readSubmit(Buffer.from(SUBMIT_BYTES, 'hex'))).toEqual(SUBMIT);
    expect(codec.readDeliver(Buffer.from(DELIVER_BYTES, 'hex'))).toEqual(DELIVER);
  });

  it('of answers and of packets without a body are those of the layout', () => {
    const id = Buffer.from('59100311241000000042', 'hex');
    expect(codec.writeResult({ request: responseTo(REQUEST.submit), sequence: 7 }, id, 103).toString('hex')).toBe(
      hex('0000001a 80000002 00000007', '59100311241000000042', '00000067'),
    );
    expect(codec.writeBare({ request: REQUEST.activeTest, sequence: 3 }).toString('hex')).toBe(hex('0000000c 00000004 00000003'));
    expect(codec.writeBare({ request: responseTo(REQUEST.exit), sequence: 4 }).toString('hex')).toBe(hex('0000000c 80000006 00000004'));
    const refused = Buffer.from(hex('00000021 80000001 00000001', '00000015', zeros(16), '30'), 'hex');
    expect(codec.readLoginStatus(refused)).toBe(21);
    expect(codec.writeLoginAnswer({ request: responseTo(REQUEST.login), sequence: 1 }, 21, Buffer.alloc(16), 0x30)).toEqual(refused);
  });

  it('of a login prove the secret by the time in China', () => {
    const march = new Date('2027-02-28T16:00:00Z');
    expect(loginTimestamp(march)).toBe(301000000);
    expect(loginTimestamp(new Date('2026-12-31T15:59:59Z'))).toBe(1231235959);
    expect(authenticatorOf('00001234', 'secret', 301000000)).toEqual(LOGIN.authenticator);
    const dialect = new SmgpDialect({ clientId: '00001234', secret: 'secret', mode: 2 }, () => march);
    expect(dialect.login(1).toString('hex')).toBe(LOGIN_BYTES);
  });

  it('come back as they were written', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const text = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...'0123456789AZaz+'), maxLength });
    const bytes = (maxLength: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
    const tlvs = fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffff }), bytes(40)), { maxLength: 5 }).map((pairs) => new Map(pairs));
    const submit: fc.Arbitrary<Submit> = fc.record({
      type: byte,
      needReport: byte,
      priority: byte,
      serviceId: text(10),
      feeType: text(2),
      feeCode: text(6),
      fixedFee: text(6),
      format: byte,
      validTime: text(17),
      atTime: text(17),
      source: text(21),
      charged: text(21),
      destinations: fc.array(text(21), { maxLength: 99 }),
      content: bytes(255),
      tlvs,
    });
    const sequence = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(submit, sequence, (body, number) => {
        const packet = codec.writeSubmit({ request: REQUEST.submit, sequence: number }, body);
        expect(codec.packetLength(packet, 0)).toBe(packet.length);
        expect(codec.readHeader(packet)).toEqual({ request: REQUEST.submit, sequence: number });
        expect(codec.readSubmit(packet)).toEqual(body);
      }),
      runs(200),
    );
  });

  it('too long for a field are cut, and never run into the next one', () => {
    const packet = codec.writeSubmit({ request: REQUEST.submit, sequence: 7 }, { ...SUBMIT, serviceId: 'care-and-more', source: '1'.repeat(30) });
    expect(codec.readSubmit(packet)).toEqual({ ...SUBMIT, serviceId: 'care-and-m', source: '1'.repeat(21) });
  });

  it.each<[string, string, (packet: Buffer) => unknown, number | null]>([
    ['Login', LOGIN_BYTES, codec.readLogin, null],
    ['Submit', SUBMIT_BYTES, codec.readSubmit, 15],
    ['Deliver', DELIVER_BYTES, codec.readDeliver, null],
    ['Submit_Resp', hex('0000001a 80000002 00000007', zeros(14)), codec.readResult, null],
  ])('of %s cut anywhere are a fault, never a crash', (_, bytes, read, options) => {
    const packet = Buffer.from(bytes, 'hex');
    for (let length = 0; length < packet.length; length += 1) {
      const cut = Buffer.from(packet.subarray(0, length));
      expect(codec.packetLength(cut, 0)).toBe(length < 4 ? 0 : packet.length); // so a reader waits for the rest
      if (length < 12) continue;
      cut.writeUInt32BE(length, 0); // and if it lies about its length
      const whole = options !== null && packet.length - length <= options; // of its optional parameters it needs none
      if (whole) expect(() => read(cut)).not.toThrow();
      else expect(() => read(cut)).toThrow(PacketFault);
    }
  });

  it('of a length no packet can have are a fault', () => {
    for (const length of [0, 11, MOST_BYTES + 1, 0xffffffff]) {
      const packet = Buffer.alloc(12);
      packet.writeUInt32BE(length, 0);
      expect(() => codec.packetLength(packet, 0)).toThrow(PacketFault);
    }
  });

  it('at random: a dialect hears something or finds a fault, and complains only of a Deliver', () => {
    const dialect = new SmgpDialect({ clientId: 'a', secret: 'b', mode: 2 }, () => new Date(0));
    const requests = fc.constantFrom(...Object.values(REQUEST), ...Object.values(REQUEST).map(responseTo), 0x05, 0xdeadbeef);
    fc.assert(
      fc.property(requests, fc.uint8Array({ maxLength: 300 }), (request, body) => {
        const frame = Buffer.concat([codec.writeBare({ request, sequence: 5 }), body]);
        frame.writeUInt32BE(frame.length, 0);
        try {
          expect(['answer', 'event', 'control']).toContain(dialect.hear(frame).kind);
        } catch (fault) {
          expect(fault).toBeInstanceOf(PacketFault);
          expect(request).toBe(REQUEST.deliver);
          expect(dialect.complain(fault)?.toString('hex')).toBe(hex('0000001a 80000003 00000005', zeros(10), '0000000a'));
        }
      }),
      runs(2000),
    );
    expect(dialect.complain(new PacketFault(null, 'a packet of 0 bytes'))).toBeNull();
  });

  it('are cut into the same packets however they arrive', () => {
    const stream = Buffer.from(DELIVER_BYTES + LOGIN_BYTES + SUBMIT_BYTES, 'hex');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sizes) => {
        const heard: string[] = [];
        const splitter = new FrameSplitter(codec.packetLength);
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          splitter.push(stream.subarray(at, at + size), (frame) => heard.push(frame.toString('hex')) > 0);
          at += size;
        }
        expect(heard).toEqual([DELIVER_BYTES, LOGIN_BYTES, SUBMIT_BYTES]);
      }),
      runs(50),
    );
  });
});
