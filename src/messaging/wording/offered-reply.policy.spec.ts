import { offeredReply } from './offered-reply.policy.js';

describe('GOV-2 the reply an opt-out text offers', () => {
  it.each([
    ['拒收请回复R', 'R'],
    ['退订回TD', 'TD'],
    ['回复“退订”即可。', '退订'],
    ['，退订回T。', 'T'],
    ['reply STOP to opt out', 'STOP'],
    ['如不需要请致电', null],
    ['', null],
  ])('%s offers %s', (text, reply) => {
    expect(offeredReply(text)).toBe(reply);
  });
});
