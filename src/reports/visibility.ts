import { DomainError } from '../kernel/errors.js';
import { type Sql, sql } from '../platform/database/sql.js';
import { inScope } from '../staff/staff.queries.js';
import type { CurrentUser } from '../staff/staff.types.js';
import type { MetricSource } from './catalogue.js';

/** Which attempts a user's figures are made of: a manager's own, else those of the managers in the user's part of the organisation (SYS-1). */
export const visibleAttempts = (user: CurrentUser): Sql =>
  user.role === 'manager' ? sql`a.manager_id = ${user.id}` : inScope(user, sql`a.org_path`);

/** A client sees figures, not the people behind them (SYS-1). */
export const seesRows = ({ role }: Pick<CurrentUser, 'role'>): boolean => role !== 'client';

/** Which reports open the rows of a figure to them: a judge of quality reads no productivity. */
export const seesRowsOf = (user: Pick<CurrentUser, 'role'>, source: MetricSource): boolean =>
  seesRows(user) && (source !== 'work' || user.role !== 'judge');

/** @throws DomainError role_refused (403) when rows are asked for by somebody who sees figures only */
export function checkRows(user: CurrentUser, metric: string | undefined): void {
  if (metric && !seesRows(user)) throw new DomainError('role_refused', { status: 403 });
}

/** Which visits: a manager's own, else those to the customers of the user's part of the organisation. */
export const visibleVisits = (user: CurrentUser): Sql => (user.role === 'manager' ? sql`v.manager_id = ${user.id}` : inScope(user, sql`v.org_path`));
