import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DIALLER_CODE, type DiallerCode } from './dialler.types.js';

/** Which telephone system this installation has. */
@Global()
@Module({})
export class CtiSettingsModule {
  static register(code: DiallerCode): DynamicModule {
    return { module: CtiSettingsModule, providers: [{ provide: DIALLER_CODE, useValue: code }], exports: [DIALLER_CODE] };
  }
}
