import { judgeReply } from './confirmation.policy.js';
import { demandOf, type Evidence, missingEvidence } from './evidence.policy.js';

const whole: Evidence = { product: '宽带', identity: 'answers', tariffRead: true, startRead: true, contractRead: true };

describe('CAM-9 what an order has to show', () => {
  it.each([
    ['unknown to the catalogue, said to cost', undefined, true, { contract: true, paid: true }],
    ['unknown, said to be free', undefined, false, { contract: true, paid: false }],
    ['the catalogue knows it costs, whatever is said', { priceFen: 100, contractMonths: 12 }, false, { contract: true, paid: true }],
    ['free and without a contract', { priceFen: 0, contractMonths: null }, true, { contract: false, paid: false }],
    ['a contract of no months binds nobody', { priceFen: 1, contractMonths: 0 }, false, { contract: false, paid: true }],
  ])('%s', (_name, offer, said, demand) => {
    expect(demandOf(offer, said)).toEqual(demand);
  });

  it.each<[string, Partial<Evidence>, boolean, string[]]>([
    [
      'nothing given',
      { product: undefined, identity: undefined, tariffRead: false, startRead: false, contractRead: undefined },
      true,
      ['product', 'identity', 'tariff', 'start', 'contract'],
    ],
    ['all given', {}, true, []],
    ['no contract to read', { contractRead: false }, false, []],
    ['a contract unread', { contractRead: false }, true, ['contract']],
    ['the holder not known', { identity: undefined }, true, ['identity']],
  ])('%s', (_name, given, contract, missing) => {
    expect(missingEvidence({ ...whole, ...given }, { contract })).toEqual(missing);
  });
});

describe('CAM-9 what an answer does', () => {
  it.each([
    ['Y', 'waiting', 1, 'confirm'],
    ['是', 'waiting', 1, 'confirm'],
    ['确认', 'waiting', 1, 'confirm'],
    ['1', 'waiting', 1, 'confirm'],
    ['N', 'waiting', 1, 'decline'],
    ['否', 'waiting', 1, 'decline'],
    [null, 'waiting', 1, 'review'],
    ['Y', 'waiting', 2, 'review'],
    ['Y2', 'waiting', 1, 'confirm'],
    ['否2', 'waiting', 1, 'decline'],
    ['12', 'waiting', 1, 'review'],
    ['Y', 'expired', 1, 'review'],
    ['N', 'confirmed', 1, 'review'],
    ['Y', 'declined', 1, 'review'],
    ['Y', 'confirmed', 1, 'nothing'],
    ['N', 'declined', 1, 'nothing'],
    [null, 'confirmed', 1, 'review'],
  ] as const)('%s to an order that is %s, of %i that wait: %s', (word, confirmation, meant, deed) => {
    expect(judgeReply(word, confirmation, meant)).toBe(deed);
  });
});
