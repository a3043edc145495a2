import { type DynamicModule, Global, Module } from '@nestjs/common';
import { allowedOf } from './address.js';
import { Outgoing } from './outgoing.js';

/** The one way out to addresses that people have typed in. */
@Global()
@Module({})
export class OutgoingModule {
  static register(allow: readonly string[]): DynamicModule {
    return { module: OutgoingModule, providers: [{ provide: Outgoing, useFactory: () => new Outgoing(allowedOf(allow)) }], exports: [Outgoing] };
  }
}
