import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import type { Tx } from '../../platform/database/database.js';
import { sql } from '../../platform/database/sql.js';
import { Events } from '../../platform/jobs/events.js';
import type { OrderForm } from '../attempts/attempts.forms.js';
import { ConfirmationWanted } from '../calls.events.js';
import { demandOf, type Evidence, type EvidencePiece, missingEvidence } from './evidence.policy.js';
import { OrderSettingsCommands } from './order-settings.commands.js';
import { OrderTerms } from './order-terms.queries.js';

/** A conversion on its way to an order. */
export interface Sale {
  attemptId: string;
  campaignId: string;
  customerId: string;
  /** The end of the call. */
  at: Date;
  /** Who sold it; null: the switch said so. */
  actorId: string | null;
  /** What is missing refuses the sale. Programs may hand in a sale without; it stands in the list as incomplete. */
  strict: boolean;
}

const HOUR_MS = 3_600_000;

/** The fault of each missing piece, at its box. */
const FAULTS: Record<EvidencePiece, { param: string; code: string }> = {
  product: { param: 'orderProduct', code: 'order_product_required' },
  identity: { param: 'orderIdentity', code: 'order_identity_required' },
  tariff: { param: 'orderTariff', code: 'order_tariff_required' },
  start: { param: 'orderStart', code: 'order_start_required' },
  contract: { param: 'orderContract', code: 'order_contract_required' },
};

/** @throws InvalidInput with every piece that is missing, each at its box */
function refuseIncomplete(missing: readonly EvidencePiece[]): void {
  if (missing.length > 0) throw new InvalidInput(missing.map((piece) => FAULTS[piece]));
}

export function evidenceOf(order: OrderForm | undefined): Evidence {
  const all = order?.termsRead === true;
  return {
    product: order?.product,
    identity: order?.identity,
    tariffRead: all || order?.tariffRead,
    startRead: all || order?.startRead,
    contractRead: all || order?.contractRead,
  };
}

/** Opens orders (CAM-9). */
@Injectable()
export class OrderBook {
  constructor(
    private readonly terms: OrderTerms,
    private readonly settings: OrderSettingsCommands,
    private readonly events: Events,
  ) {}

  /** @throws InvalidInput with what is missing, from a strict sale · DomainError `order_no_taken` (409) at `order.orderNo` */
  async open(tx: Tx, sale: Sale, order: OrderForm | undefined): Promise<void> {
    const given = evidenceOf(order);
    const demand = demandOf(await this.terms.ofProduct(tx, sale.customerId, order?.product), order?.paid === true);
    if (sale.strict) refuseIncomplete(missingEvidence(given, demand));
    const { confirmHours } = await this.settings.current(tx);
    const confirmBy = demand.paid ? new Date(sale.at.getTime() + confirmHours * HOUR_MS) : null;
    const identity = given.identity ?? null;
    const made = await tx.maybe<{ id: string }>(sql`
      insert into calls.sales_order (attempt_id, campaign_id, customer_id, order_no, product, opened_at, identity_check, identity_by, identity_at,
                                     tariff_read, start_read, contract_read, needs_contract, confirmation, confirm_by)
      values (${sale.attemptId}, ${sale.campaignId}, ${sale.customerId}, ${order?.orderNo ?? null}, ${order?.product ?? null}, ${sale.at},
              ${identity}, ${identity && sale.actorId}, ${identity && sale.at}::timestamptz, ${given.tariffRead ?? false}, ${given.startRead ?? false},
              ${given.contractRead ?? false}, ${demand.contract}, ${confirmBy && 'waiting'}, ${confirmBy}::timestamptz)
      on conflict (order_no) do nothing returning id`);
    if (!made) throw new DomainError('order_no_taken', { status: 409, param: 'order.orderNo', params: { orderNo: order?.orderNo } });
    await tx.run(sql`insert into calls.order_event (order_id, at, kind, by_user) values (${made.id}, ${sale.at}, 'opened', ${sale.actorId})`);
    if (demand.paid) await this.events.publish(tx, ConfirmationWanted, { orderId: made.id });
  }
}
