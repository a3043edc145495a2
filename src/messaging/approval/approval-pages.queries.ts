import { Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../staff/staff.types.js';
import { BlastContentQueries } from '../blasts/blast-content.queries.js';
import { BlastsQueries } from '../blasts/blasts.queries.js';
import { CheckPages } from '../check/check-pages.queries.js';
import { isOwn } from '../home-unit.js';
import { TemplatesQueries } from '../templates/templates.queries.js';
import { DECLARED_VARIABLES, shownPieces } from '../wording/wording.js';
import type { Wording } from '../messaging.types.js';
import { APPROVAL_KINDS, type ApprovalRow, type Standing } from './approval.types.js';
import { BlastApprovalsQueries, kindFor } from './approvals.queries.js';

const CHIPS: Readonly<Record<ApprovalRow['state'] | Standing, { kind: string; icon: string }>> = {
  none: { kind: '', icon: 'minus' },
  asked: { kind: 'info', icon: 'clock' },
  approved: { kind: 'ok', icon: 'check' },
  refused: { kind: 'bad', icon: 'x' },
  changed: { kind: 'warn', icon: 'alert-triangle' },
  superseded: { kind: '', icon: 'arrow-back-up' },
};

const DECLARED = new Set<string>(DECLARED_VARIABLES);

/** A column of the list goes by its own name. */
const shownTo = (wording: Wording): object[] =>
  shownPieces(wording).map((piece) =>
    'text' in piece ? piece : { fields: piece.variables.map((name) => ({ name, declared: DECLARED.has(name) })) },
  );

/** A blast as whoever approves it reads it: text, audience and cost, never a customer (a client may be reading). */
@Injectable()
export class ApprovalPages {
  constructor(
    private readonly blasts: BlastsQueries,
    private readonly queries: BlastApprovalsQueries,
    private readonly templates: TemplatesQueries,
    private readonly checks: CheckPages,
    private readonly content: BlastContentQueries,
  ) {}

  async page(user: CurrentUser, code: string): Promise<object> {
    const blast = await this.blasts.byCode(user, code);
    const [status, history, template, check, conditions] = await Promise.all([
      this.queries.status(blast),
      this.queries.history(blast.id),
      this.templates.byCode(user, blast.templateCode),
      this.checks.costOf(blast),
      this.content.conditions(blast),
    ]);
    const wording = template.inUse === null ? null : await this.templates.inUse({ code: blast.templateCode });
    const kind = kindFor(user);
    const mine = status.last[kind];
    const waits = blast.state === 'draft' && mine?.state === 'asked';
    const own = mine?.askedById === user.id || blast.createdById === user.id;
    return {
      blast,
      template,
      wording,
      shown: wording && shownTo(wording),
      check,
      conditions,
      people: status.people,
      words: APPROVAL_KINDS.filter((each) => status.needed.includes(each)).map((each) => ({
        kind: each,
        standing: status.standing[each],
        look: CHIPS[status.standing[each]],
        last: status.last[each] ?? null,
      })),
      history: history.map((row) => ({ ...row, look: CHIPS[row.state] })),
      mayAsk:
        ['planner', 'admin'].includes(user.role) &&
        isOwn(user, blast) &&
        blast.state === 'draft' &&
        status.needed.some((each) => !['asked', 'approved'].includes(status.standing[each])),
      mayDecide: waits && !own && isOwn(user, blast),
      isOwn: waits && own,
      request: mine?.id,
      stale: waits && status.standing[kind] === 'changed',
    };
  }
}
