import { defineEvent } from '../platform/jobs/define-event.js';

/** Somebody will be away; `calendar.v_absence` says when, how much, and who stands in. */
export const AbsenceNoted = defineEvent<{ absenceId: string }>('calendar.absence-noted');

/** An absence was called off or cut short: the person works again. */
export const AbsenceEnded = defineEvent<{ absenceId: string }>('calendar.absence-ended');

/** The days somebody works are other ones, or count otherwise: an absence, a week, a single day. null = everybody's, by the official calendar. */
export const RotaChanged = defineEvent<{ userId: string | null }>('calendar.rota-changed');
