import { notFound } from '../../kernel/errors.js';
import type { CustomerCard, LineRow } from '../customers.types.js';

/** The line asked for, or the one the customer is reached on. @throws DomainError not_found for a line of somebody else */
export function lineAsked({ lines }: Pick<CustomerCard, 'lines'>, asked: string | undefined): LineRow | undefined {
  const line = asked === undefined ? lines[0] : lines.find(({ id }) => id === asked);
  if (!line && asked !== undefined) throw notFound('line', asked);
  return line;
}
