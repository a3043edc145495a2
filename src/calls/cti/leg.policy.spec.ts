import fc from 'fast-check';
import { EVENT_TYPES, type EventType, foldLeg, type SwitchEvent } from './leg.policy.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 24, 2, 0, second));
const event = (type: EventType, second: number, said: Partial<SwitchEvent> = {}): SwitchEvent => ({
  id: `${type}-${second}`,
  type,
  at: at(second),
  number: '+8613900000001',
  agentNo: null,
  callerNumber: null,
  cause: null,
  recordingRef: null,
  ...said,
});

describe('SYS-3, CAM-4 the call that events tell', () => {
  it.each([
    ['rings', [event('ringing', 0)], { state: 'ringing', startedAt: at(0), talkSeconds: 0, begun: true }],
    ['is answered', [event('ringing', 0), event('answered', 9)], { state: 'answered', answeredAt: at(9), endedAt: null, talkSeconds: 0 }],
    ['is talked and over', [event('ringing', 0), event('answered', 9), event('ended', 61)], { state: 'ended', talkSeconds: 52 }],
    ['nobody answers', [event('ringing', 0), event('ended', 30, { cause: '19' })], { state: 'ended', talkSeconds: 0, cause: '19', answeredAt: null }],
    ['has an end and no begin', [event('ended', 30)], { state: 'ended', startedAt: at(30), begun: false }],
    ['a clock that runs back counts no talk below nought', [event('answered', 40), event('ended', 30)], { talkSeconds: 0 }],
    ['of two answers the first', [event('answered', 5), event('answered', 9), event('ended', 15)], { talkSeconds: 10 }],
    ['of two causes the last', [event('ended', 5, { cause: '17' }), event('ended', 6, { cause: '16' })], { cause: '16', endedAt: at(6) }],
    [
      'the agent is known whichever event names her',
      [event('ringing', 0), event('answered', 3, { agentNo: '9m01', recordingRef: 'r' })],
      { agentNo: '9m01', recordingRef: 'r' },
    ],
  ] as const)('%s', (_what, events, expected) => {
    expect(foldLeg(events)).toMatchObject(expected);
  });

  it('R42 is the same in whatever order they come', () => {
    const events = fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 3 }),
        type: fc.constantFrom(...EVENT_TYPES),
        at: fc.integer({ min: 0, max: 20 }).map(at),
        number: fc.constantFrom('+8613900000001', '+8613900000002'),
        agentNo: fc.option(fc.constantFrom('1', '2')),
        callerNumber: fc.option(fc.constantFrom('a', 'b')),
        cause: fc.option(fc.constantFrom('16', '17')),
        recordingRef: fc.option(fc.constantFrom('x', 'y')),
      }),
      { minLength: 1, maxLength: 8, selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(
        events.chain((told) => fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length }))),
        ([told, shuffled]) => {
          expect(foldLeg(shuffled)).toEqual(foldLeg(told));
        },
      ),
    );
  });
});
