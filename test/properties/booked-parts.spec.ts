import fc from 'fast-check';
import { submitsOf as smgpSubmits } from '../../src/messaging/gateways/smgp/texts.policy.js';
import { submitsOf as smppSubmits } from '../../src/messaging/gateways/smpp/texts.policy.js';
import { messageMaker } from '../../src/messaging/wording/wording.js';

const SMGP = { from: '10659', serviceId: 'care', msgSrc: '', numbers: 'national' } as const;
const SMPP = {
  source: { ton: 0, npi: 0, digits: '10659' },
  destinationTon: 1,
  destinationNpi: 1,
  numbers: 'national',
  longMessages: 'udh',
} as const;

/**
 * SMGP has ASCII where SMPP has the GSM alphabet, and sends é or £ in UCS-2. That no text is booked by 160 characters and sent by 70 rests on its signature:
 * the marks around it are in neither alphabet, so that whatever is made for a customer is UCS-2 on every line.
 */
describe('R40 so many parts as a message is booked with, every line sends', () => {
  const latin = fc.string({ unit: fc.constantFrom(...'abcXYZ 019@£éñ', '€', '[', '^', '~'), minLength: 1, maxLength: 480 });
  const chinese = fc.string({ unit: fc.constantFrom('关', '怀', '，', '1', 'a', 'é', '😀'), minLength: 1, maxLength: 240 });

  it.each([
    ['a Latin text beyond ASCII', latin, 'telecom', ' STOP: R'],
    ['a Chinese text', chinese, '中国电信', '拒收请回复R'],
    ['a Latin text without opt-out words', latin, 'AB', ''],
  ])('%s', (_name, texts, signature, optOut) => {
    const maker = messageMaker({ signature, body: '{{name}}', optOut, forbidden: [] });
    fc.assert(
      fc.property(texts, (name) => {
        const made = maker.make({ name });
        fc.pre('text' in made);
        if ('fault' in made) return;
        const { text: body, parts, encoding } = made;
        const message = { id: '0193a4d2-0000-7000-8000-00000000beef', number: '+8618900000001', body, parts, encoding };
        const sent = [smgpSubmits(message, SMGP, 7), smppSubmits(message, SMPP, { own: 1, reference: 7 })];
        expect([encoding, ...sent.map(({ length }) => length)]).toEqual(['ucs2', parts, parts]);
        for (const { content } of sent.flat()) expect(content.length).toBeLessThanOrEqual(140);
      }),
      { numRuns: 300, seed: 20261130 },
    );
  });
});
