import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.js';

/** Who can put calls of somebody away off to another day, before a deputy is asked. The modules above calls implement it and register at module init. */
export abstract class PuttingOff {
  /** What finds no other day stays, flagged as over capacity. May run any number of times. */
  abstract putOff(tx: Tx, userId: string): Promise<void>;
}

/** Where they hand themselves over: calls may not import them. */
@Injectable()
export class StandInPorts {
  readonly puttingOff: PuttingOff[] = [];

  register(port: PuttingOff): void {
    this.puttingOff.push(port);
  }
}
