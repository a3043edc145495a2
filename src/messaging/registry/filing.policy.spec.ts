import { endingSoon, filingFault, filingState, type SignatureFiling, type TemplateFiling, type ToSend } from './filing.policy.js';

const DAY = '2026-11-24';
const send: ToSend = { signature: '中国电信', templateId: '7', version: 2, gateways: ['main'], day: DAY };
const signature = (more: Partial<SignatureFiling> = {}): SignatureFiling => ({
  signature: '中国电信',
  gateway: 'main',
  validFrom: null,
  expiresOn: null,
  ...more,
});
const template = (more: Partial<TemplateFiling> = {}): TemplateFiling => ({
  templateId: '7',
  version: 2,
  gateway: 'main',
  validFrom: null,
  expiresOn: null,
  ...more,
});

describe('SMS-1 how long a filing holds', () => {
  it.each([
    [null, null, 'valid'],
    [null, '2026-11-23', 'expired'],
    [null, '2026-11-24', 'ends_soon'],
    [null, '2026-12-24', 'ends_soon'],
    [null, '2026-12-25', 'valid'],
    ['2026-11-24', null, 'valid'],
    ['2026-11-25', null, 'not_yet'],
  ])('from %s to %s it is %s', (validFrom, expiresOn, state) => {
    expect(filingState({ validFrom, expiresOn }, DAY)).toBe(state);
  });
});

describe('R43 signature and template are filed with the gateway they go over', () => {
  it.each<[string, Partial<ToSend>, SignatureFiling[], TemplateFiling[], string | null]>([
    ['an empty registry asks for nothing', {}, [], [], null],
    ['filed for this gateway', {}, [signature()], [], null],
    ['filed for every gateway', {}, [signature({ gateway: null })], [], null],
    ['filed for another gateway only', {}, [signature({ gateway: 'spare' })], [], 'signature_not_filed'],
    ['another signature only', {}, [signature({ signature: '江苏电信' })], [], 'signature_not_filed'],
    ['run out', {}, [signature({ expiresOn: '2026-11-23' })], [], 'signature_filing_expired'],
    ['run out here, filed for all', {}, [signature({ expiresOn: '2026-11-23' }), signature({ gateway: null })], [], null],
    ['begins later', {}, [signature({ validFrom: '2026-12-01' })], [], 'signature_filing_not_yet'],
    ['run out by the day it is to go', { day: '2027-01-01' }, [signature({ expiresOn: '2026-12-31' })], [], 'signature_filing_expired'],
    ['not filed for the way around', { gateways: ['main', 'spare'] }, [signature()], [], 'signature_not_filed'],
    ['templates of another gateway are filed', {}, [], [template({ gateway: 'spare' })], null],
    ['this template is not among those filed', {}, [], [template({ templateId: '8' })], 'template_not_filed'],
    ['an earlier version is filed', {}, [], [template({ version: 1 })], 'template_filed_otherwise'],
    ['this version is filed', {}, [signature()], [template()], null],
    ['this version has run out', {}, [], [template({ expiresOn: '2026-11-23' })], 'template_filing_expired'],
  ])('%s', (_what, wish, signatures, templates, code) => {
    expect(filingFault({ ...send, ...wish }, { signatures, templates })?.code ?? null).toBe(code);
  });

  it('names the gateway, and the day on which the last of it ended', () => {
    const signatures = [signature({ expiresOn: '2026-10-31' }), signature({ gateway: null, expiresOn: '2026-11-20' })];
    expect(filingFault(send, { signatures, templates: [] })).toEqual({
      code: 'signature_filing_expired',
      gateway: 'main',
      day: '2026-11-20',
      version: null,
    });
  });

  it('warns of what ends soon', () => {
    const filed = {
      signatures: [signature({ expiresOn: '2026-12-01' }), signature({ signature: '别的', expiresOn: '2026-12-01' })],
      templates: [template()],
    };
    expect(endingSoon(send, filed)).toMatchObject([{ what: 'signature', expiresOn: '2026-12-01' }]);
  });

  it.each([
    ['another without end', [signature({ gateway: null, expiresOn: null })], 0],
    ['one that begins on the day after', [signature({ validFrom: '2026-12-02', expiresOn: '2027-12-01' })], 0],
    ['one that begins a day later', [signature({ validFrom: '2026-12-03', expiresOn: '2027-12-01' })], 1],
    ['one that ends soon too', [signature({ expiresOn: '2026-12-05' })], 2],
    ['one of another gateway', [signature({ gateway: 'elsewhere', expiresOn: null })], 1],
  ])('warns of no end that is followed: %s', (_, others, warnings) => {
    const filed = { signatures: [signature({ expiresOn: '2026-12-01' }), ...others], templates: [] };
    expect(endingSoon(send, filed)).toHaveLength(warnings);
  });
});
