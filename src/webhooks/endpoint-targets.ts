import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput } from '../kernel/errors.js';
import { hostOf } from '../platform/outgoing/address.js';
import { Outgoing } from '../platform/outgoing/outgoing.js';
import { sealedColumn } from '../platform/sealing/sealed-columns.js';
import { type Sealed, Sealer } from '../platform/sealing/sealer.js';
import type { Target } from './webhooks.types.js';

/** A text sealed for one endpoint cannot be moved to another. */
const placeOf = sealedColumn({ table: 'webhooks.endpoint', owner: 'id', key: 'seal_key_id' });

/** Addresses and secrets of endpoints, checked and sealed: an address may hold a key. */
@Injectable()
export class EndpointTargets {
  constructor(
    private readonly sealer: Sealer,
    private readonly outgoing: Outgoing,
  ) {}

  /** @throws InvalidInput at `url` · DomainError webhook_seal_key_missing (503) on a server that keeps no secrets */
  seal(id: string, target: Target): Sealed & { host: string } {
    const fault = this.outgoing.faultOf(target.url);
    if (fault) throw new InvalidInput([{ param: 'url', code: fault }]);
    return { ...this.sealed(id, target), host: hostOf(new URL(target.url)) };
  }

  /** Sealed with the key in use; the address was checked when it was registered and is again at each call. */
  sealed(id: string, target: Target): Sealed {
    if (this.sealer.current === undefined) throw new DomainError('webhook_seal_key_missing', { status: 503 });
    return this.sealer.seal(JSON.stringify(target), placeOf(id));
  }

  /** @throws SealError without the key */
  open(id: string, sealed: Sealed): Target {
    return JSON.parse(this.sealer.open(sealed, placeOf(id))) as Target;
  }
}
