import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Resealing } from './resealing.commands.js';
import type { SealKey } from './seal-key.js';
import { Sealer } from './sealer.js';
import { SealingQueries } from './sealing.queries.js';

/** Encryption at rest for the few texts that need it. */
@Global()
@Module({})
export class SealingModule {
  static register(keys: readonly SealKey[]): DynamicModule {
    return {
      module: SealingModule,
      providers: [{ provide: Sealer, useValue: new Sealer(keys) }, SealingQueries, Resealing],
      exports: [Sealer, SealingQueries],
    };
  }
}
