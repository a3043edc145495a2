import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Database } from './database.js';
import { POOL_OPTIONS } from './pool-options.js';
import { Replica } from './replica.js';
import { ReportsDatabase } from './reports-database.js';

/** So long a request or a job waits for a free connection; then it is told to come again. */
const PATIENCE_MS = 30_000;

/** One pool for TypeORM and plain SQL. About 30 connections let PostgreSQL commit in groups; more gains nothing on few cores. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param reportsUrl a copy of the database that reports may be read from */
  static register(url: string, poolSize = 30, reportsUrl?: string): DynamicModule {
    const typeorm = TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      poolSize,
      extra: POOL_OPTIONS,
      autoLoadEntities: true,
      synchronize: false,
      migrationsRun: false,
      applicationName: 'starcare',
      retryAttempts: 0,
      connectTimeoutMS: PATIENCE_MS,
    });
    const reports: Provider = {
      provide: ReportsDatabase,
      useFactory: (primary: Database) => new ReportsDatabase(primary, reportsUrl ? new Replica(reportsUrl) : undefined),
      inject: [Database],
    };
    return { module: DatabaseModule, imports: [typeorm], providers: [Database, reports], exports: [Database, ReportsDatabase] };
  }
}
