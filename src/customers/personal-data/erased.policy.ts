import { DomainError } from '../../kernel/errors.js';

/** @throws DomainError customer_erased (409): nothing is learned of somebody who is to be forgotten */
export function refuseErased({ erasedAt }: { erasedAt: Date | null }): void {
  if (erasedAt) throw new DomainError('customer_erased', { status: 409 });
}
