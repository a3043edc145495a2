import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Database } from './database.js';

/** One pool for TypeORM and plain SQL. About 30 connections let PostgreSQL commit in groups; more gains nothing on few cores. */
@Global()
@Module({})
export class DatabaseModule {
  static register(url: string, poolSize = 30): DynamicModule {
    const typeorm = TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      poolSize,
      autoLoadEntities: true,
      synchronize: false,
      migrationsRun: false,
      applicationName: 'starcare',
      retryAttempts: 0,
    });
    return { module: DatabaseModule, imports: [typeorm], providers: [Database], exports: [Database] };
  }
}
