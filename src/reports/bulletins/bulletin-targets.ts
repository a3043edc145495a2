import { Injectable } from '@nestjs/common';
import { DomainError, InvalidInput } from '../../kernel/errors.js';
import { Outgoing } from '../../platform/outgoing/outgoing.js';
import { hostOf } from '../../platform/outgoing/address.js';
import { sealedColumn } from '../../platform/sealing/sealed-columns.js';
import { type Sealed, Sealer } from '../../platform/sealing/sealer.js';
import type { BulletinKind, Target } from './bulletins.types.js';

const WECOM_HOST = 'qyapi.weixin.qq.com';
const WECOM_PATH = '/cgi-bin/webhook/send';
/** A text sealed for one bulletin cannot be moved to another. */
const placeOf = sealedColumn({ table: 'reports.bulletin', owner: 'id', key: 'seal_key_id' });

/** Addresses and secrets of bulletins, checked and sealed: the address of a robot holds its key. */
@Injectable()
export class BulletinTargets {
  constructor(
    private readonly sealer: Sealer,
    private readonly outgoing: Outgoing,
  ) {}

  /** @throws InvalidInput at `url` or `secret` */
  check(kind: BulletinKind, { url, secret }: { url?: string | undefined; secret?: string | null | undefined }): Target {
    if (!url) throw new InvalidInput([{ param: 'url', code: 'bulletin_url_missing' }]);
    const fault = this.outgoing.faultOf(url);
    if (fault) throw new InvalidInput([{ param: 'url', code: fault }]);
    if (kind === 'wecom' && !isRobot(new URL(url)))
      throw new InvalidInput([{ param: 'url', code: 'bulletin_url_no_robot', params: { host: WECOM_HOST } }]);
    if (kind === 'json' && !secret) throw new InvalidInput([{ param: 'secret', code: 'bulletin_secret_missing' }]);
    return { url, secret: kind === 'json' ? (secret ?? null) : null };
  }

  /** @throws DomainError bulletin_seal_key_missing (503) on a server that keeps no secrets */
  seal(id: string, target: Target): Sealed & { host: string } {
    if (this.sealer.current === undefined) throw new DomainError('bulletin_seal_key_missing', { status: 503 });
    return { ...this.sealer.seal(JSON.stringify(target), placeOf(id)), host: hostOf(new URL(target.url)) };
  }

  /** @throws SealError without the key */
  open(id: string, sealed: Sealed): Target {
    return JSON.parse(this.sealer.open(sealed, placeOf(id))) as Target;
  }
}

/** A robot's address; of a WeCom that the operator runs itself the host is another. */
const isRobot = (url: URL): boolean => url.pathname === WECOM_PATH && Boolean(url.searchParams.get('key'));
