import { mayDo } from './ticket-rights.policy.js';
import { TICKET_DEEDS } from './tickets.types.js';

describe('TIC-3 who may do what with a ticket they see', () => {
  it.each([
    ['a manager', true, false, TICKET_DEEDS],
    ['a manager', false, false, ['take', 'urge']],
    ['a supervisor', false, true, TICKET_DEEDS],
    ['a supervisor', true, true, TICKET_DEEDS],
  ] as const)('%s, own: %s', (_, own, supervises, deeds) => {
    expect(TICKET_DEEDS.filter((deed) => mayDo({ supervises, own }, deed))).toEqual(deeds);
  });
});
