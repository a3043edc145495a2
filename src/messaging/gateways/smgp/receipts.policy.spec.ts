import fc from 'fast-check';
import type { Deliver } from './packet.types.js';
import { readReport } from './receipts.policy.js';

const NOW = new Date('2026-11-24T02:00:00Z');
const ID = Buffer.from('59100311241000000042', 'hex');
const REF = '2026-59100311241000000042';
const report = (content: Buffer | string, more: Partial<Deliver> = {}): Deliver => ({
  id: Buffer.alloc(10),
  isReport: true,
  format: 0,
  receivedAt: '20261124100100',
  source: '18900000001',
  destination: '10659',
  content: Buffer.from(content),
  tlvs: new Map(),
  ...more,
});
const withId = (id: Buffer | string, stat: string, err = '000'): Buffer =>
  Buffer.concat([
    Buffer.from('id:'),
    Buffer.from(id),
    Buffer.from(` sub:001 dlvrd:001 submit date:2611241000 done date:2611241001 stat:${stat} err:${err} text:stat:UNDELIV`),
  ]);

describe('SMS-5 what a receipt of SMGP says', () => {
  it.each([
    ['DELIVRD', '000', 'delivered', 'DELIVRD 000'],
    ['EXPIRED', '001', 'expired', 'EXPIRED 001'],
    ['DELETED', '006', 'undelivered', 'DELETED 006'],
    ['UNDELIV', '004', 'undelivered', 'UNDELIV 004'],
    ['REJECTD', '005', 'undelivered', 'REJECTD 005'],
    ['ACCEPTD', '000', 'accepted', 'ACCEPTD 000'],
    ['UNKNOWN', '999', 'unknown', 'UNKNOWN 999'],
    ['MK:0001', '001', 'unknown', 'MK:0001 001'],
  ])('%s %s', (stat, err, state, networkCode) => {
    expect(readReport(report(withId(ID, stat, err)), NOW)).toEqual({ ref: REF, number: '+8618900000001', state, networkCode });
  });

  it('R6 a zero at its end is no part of it', () => {
    expect(readReport(report(Buffer.concat([Buffer.from('id:'), ID, Buffer.from(' stat:DELIVRD err:000\0')])), NOW).networkCode).toBe('DELIVRD 000');
  });

  it('R42 its id is ten raw bytes, whatever they look like, or twenty characters', () => {
    for (const id of [Buffer.from(' stat:X er'), Buffer.from('0123456789'), Buffer.from('text:\n\n\0\0\xff', 'latin1')]) {
      expect(readReport(report(withId(id, 'DELIVRD')), NOW)).toMatchObject({ ref: id.toString('hex'), state: 'delivered' });
    }
    expect(readReport(report(withId(ID.toString('hex').toUpperCase(), 'DELIVRD')), NOW)).toMatchObject({ ref: REF, state: 'delivered' });
  });

  it('finds the telephone as sender or as receiver, with 86 or without', () => {
    const numbers = (source: string, destination: string): string | null =>
      readReport(report(withId(ID, 'DELIVRD'), { source, destination }), NOW).number;
    expect(numbers('8618900000001', '10659')).toBe('+8618900000001');
    expect(numbers('10659', '18900000001')).toBe('+8618900000001');
    expect(numbers('10659', '')).toBeNull();
  });

  it('says unknown of any rubbish, and never breaks', () => {
    expect(readReport(report('stat:DELIVRD'), NOW)).toMatchObject({ ref: null, state: 'delivered' });
    expect(readReport(report('id:123'), NOW)).toEqual({ ref: null, number: '+8618900000001', state: 'unknown', networkCode: null });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
        expect(['accepted', 'delivered', 'undelivered', 'expired', 'unknown']).toContain(readReport(report(Buffer.from(content)), NOW).state);
      }),
      { seed: 20261128, numRuns: 300 },
    );
  });
});
