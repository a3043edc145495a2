import { Logger } from '@nestjs/common';
import type { OutgoingMessage } from '../gateway.types.js';
import { Carrier } from './carrier.js';
import type { Outcome } from './dialect.types.js';

const message = (id: string, body: string): OutgoingMessage => ({ id, number: '+8613800138000', body, parts: 1, encoding: 'ucs2' });

describe('a batch handed over by a session', () => {
  it('R6 a message that cannot be written fails alone, before any of it is sent', async () => {
    Logger.overrideLogger(false);
    const sent: string[] = [];
    const talk = {
      bound: () => Promise.resolve(true),
      state: 'bound' as const,
      fault: null,
      send: (request: string, told: (outcome: Outcome<string>) => void) => {
        sent.push(request);
        told({ kind: 'answered', answer: `ref-${request}` });
      },
    };
    const carrier = new Carrier<string, string>(
      talk,
      ({ body }) => {
        if (body === 'bad') throw new RangeError('no such character');
        return [body];
      },
      (ref) => ({ answer: { outcome: 'accepted', ref }, id: null }),
    );
    const { results } = await carrier.submit([message('1', 'one'), message('2', 'bad'), message('3', 'three')]);
    expect(sent).toEqual(['one', 'three']);
    expect(results).toEqual([
      expect.objectContaining({ id: '1', outcome: 'accepted' }),
      { id: '2', outcome: 'rejected', code: 'unwritable' },
      expect.objectContaining({ id: '3', outcome: 'accepted' }),
    ]);
  });
});
