import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Oidc } from '../../platform/config/config.js';
import { SSO_SETTINGS } from './sso.types.js';

/** The provider of single sign-on, where there is one. */
@Global()
@Module({})
export class SsoSettingsModule {
  static register(settings: Oidc | null): DynamicModule {
    return { module: SsoSettingsModule, providers: [{ provide: SSO_SETTINGS, useValue: settings }], exports: [SSO_SETTINGS] };
  }
}
