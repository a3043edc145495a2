import type { ApprovalKind, ApprovalRow, ApprovalStatus, Standing } from './approval.types.js';

export interface ApprovalLimits {
  /** Above so many recipients a second person approves; null: never. */
  approveAbove: number | null;
  clientApproves: boolean;
  /** Above so many the client does too; null: as many as the second person. */
  clientAbove: number | null;
}

/** An audience given by a filter breathes from day to day; by more than a tenth it is another one. */
const GROWTH = 1.1;

/** Whose word a blast to so many needs. */
export function neededFor({ approveAbove, clientApproves, clientAbove }: ApprovalLimits, people: number): ApprovalKind[] {
  const second = approveAbove !== null && people > approveAbove;
  const client = clientApproves && people > (clientAbove ?? approveAbove ?? 0);
  return [...(second ? (['second'] as const) : []), ...(client ? (['client'] as const) : [])];
}

/** What a request is worth now. A refusal stands until somebody asks again. */
export function standingOf(last: Pick<ApprovalRow, 'state' | 'content' | 'people'> | undefined, now: { content: string; people: number }): Standing {
  if (!last || last.state === 'superseded') return 'none';
  if (last.state === 'refused') return 'refused';
  return last.content === now.content && now.people <= last.people * GROWTH ? last.state : 'changed';
}

/** Why a blast may not start yet, by the first word it lacks; null: it may. */
export function lacking({ needed, standing }: Pick<ApprovalStatus, 'needed' | 'standing'>): { kind: ApprovalKind; standing: Standing } | null {
  const kind = needed.find((each) => standing[each] !== 'approved');
  return kind === undefined ? null : { kind, standing: standing[kind] };
}
