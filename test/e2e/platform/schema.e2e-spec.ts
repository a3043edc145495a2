import { join } from 'node:path';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { entitiesBelow, schemaDrift } from '../../../src/platform/database/schema-drift.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

@Entity({ schema: 'platform', name: 'outbox' })
class DriftedRow {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;

  @Column({ type: 'integer' })
  job!: number;

  @Column({ type: 'jsonb', nullable: true })
  payload!: object | null;

  @Column({ type: 'text' })
  colour!: string;
}

@Entity({ schema: 'platform', name: 'nowhere' })
class Homeless {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;
}

describe('The schema check', () => {
  let database: TestDatabase;

  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(() => database.drop());

  it('names a column of another type, of another nullability, that is missing, that nobody fills, and a table that is not there', async () => {
    const drift = await schemaDrift(database.url, [DriftedRow, Homeless]);
    expect(drift).toEqual(
      expect.arrayContaining([
        'platform.outbox.job: the entity says integer, the table says text',
        'platform.outbox.payload: the entity says nullable, the table says the opposite',
        'platform.outbox.colour: the entity has it, the table has not',
        'platform.outbox.run_at: the table wants a value, the entity does not know the column',
        'platform.nowhere: the entity Homeless has no table',
      ]),
    );
  });

  it('finds no difference between the entities of the product and its migrations', async () => {
    expect(await schemaDrift(database.url, await entitiesBelow(join(process.cwd(), 'src')))).toEqual([]);
  });
});
