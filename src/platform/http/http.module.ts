import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { join } from 'node:path';
import { Catalogue } from '../i18n/catalogue.js';
import { JobFigures } from '../metrics/job-figures.js';
import { Metrics } from '../metrics/metrics.js';
import { viewHelpers } from '../views/vocabulary.js';
import { ViewEngine } from '../views/engine.js';
import { AccessGuard } from './access.guard.js';
import { Forms } from './answer-form.js';
import { Chrome } from './chrome.js';
import { ErrorFilter } from './error.filter.js';
import { FormPipe } from './forms.js';
import { HealthApiController } from './health.api.controller.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { Readiness, Shutdown } from './readiness.js';
import { RouteAccess } from './route-access.js';

const SHARED = [Chrome, Forms, Metrics, Readiness, RouteAccess, Shutdown];

/** What every page and API route stands on. Needs a module that provides the port {@link Authenticator}. */
@Global()
@Module({})
export class HttpModule {
  static register(root: string): DynamicModule {
    const catalogue = Catalogue.load(join(root, 'templates/locales'));
    return {
      module: HttpModule,
      controllers: [HealthApiController],
      providers: [
        ...SHARED,
        JobFigures,
        { provide: Catalogue, useValue: catalogue },
        { provide: ViewEngine, useValue: new ViewEngine(join(root, 'templates'), viewHelpers(catalogue)) },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_PIPE, useClass: FormPipe },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
      ],
      exports: [...SHARED, Catalogue, ViewEngine],
    };
  }
}
