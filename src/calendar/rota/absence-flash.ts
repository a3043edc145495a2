import type { FastifyRequest } from 'fastify';
import { flash } from '../../platform/http/pages.js';
import type { AbsenceNote } from './absences.commands.js';

/** Says on the next page that an absence is noted, and what should be looked at. */
export function flashNoted(request: FastifyRequest, { warnings }: AbsenceNote): void {
  const [warning] = warnings;
  if (warning) flash(request, `rota.absence.noted_${warning.code}`, warning.params);
  else flash(request, 'rota.absence.noted');
}
