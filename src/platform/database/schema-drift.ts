import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, type EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

interface CatalogueColumn {
  name: string;
  type: string;
  nullable: boolean;
  /** A value comes by itself: a default, an identity, a generated column. */
  filled: boolean;
}

type Table = Map<string, CatalogueColumn>;

const COLUMNS = `
  select n.nspname || '.' || c.relname as "table", a.attname as name, format_type(a.atttypid, null) as type,
         not a.attnotnull as nullable, a.atthasdef or a.attidentity <> '' or a.attgenerated <> '' as filled
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^pg_|^information_schema$'`;

async function catalogue(source: DataSource): Promise<Map<string, Table>> {
  const rows = await source.query<(CatalogueColumn & { table: string })[]>(COLUMNS);
  const tables = new Map<string, Table>();
  for (const { table, ...column } of rows) {
    const columns = tables.get(table) ?? new Map<string, CatalogueColumn>();
    tables.set(table, columns.set(column.name, column));
  }
  return tables;
}

function columnDrift(source: DataSource, column: ColumnMetadata, table: Table): string[] {
  const there = table.get(column.databaseName);
  const name = `${column.entityMetadata.tablePath}.${column.databaseName}`;
  if (!there) return [`${name}: the entity has it, the table has not`];
  const wanted = `${source.driver.normalizeType(column)}${column.isArray ? '[]' : ''}`;
  const drift: string[] = [];
  if (wanted !== there.type) drift.push(`${name}: the entity says ${wanted}, the table says ${there.type}`);
  if (column.isNullable !== there.nullable)
    drift.push(`${name}: the entity says ${column.isNullable ? 'nullable' : 'not null'}, the table says the opposite`);
  return drift;
}

function entityDrift(source: DataSource, entity: EntityMetadata, tables: Map<string, Table>): string[] {
  const table = tables.get(entity.tablePath);
  if (!table) return [`${entity.tablePath}: the entity ${entity.name} has no table`];
  const mapped = new Set(entity.columns.map((column) => column.databaseName));
  const unfilled = [...table.values()].filter((column) => !mapped.has(column.name) && !column.nullable && !column.filled);
  return [
    ...entity.columns.flatMap((column) => columnDrift(source, column, table)),
    ...unfilled.map((column) => `${entity.tablePath}.${column.name}: the table wants a value, the entity does not know the column`),
  ];
}

/**
 * Compares columns, types and nullability of the entities with the catalogue of a migrated database.
 * @returns one sentence per difference, none when they agree.
 */
export async function schemaDrift(url: string, entities: NewableFunction[]): Promise<string[]> {
  const source = await new DataSource({ type: 'postgres', url, entities: entities as (new () => object)[], logger: 'debug' }).initialize();
  try {
    const tables = await catalogue(source);
    return source.entityMetadatas.flatMap((entity) => entityDrift(source, entity, tables));
  } finally {
    await source.destroy();
  }
}

/** Every class that an `x.entity` file below the folder exports. */
export async function entitiesBelow(folder: string): Promise<NewableFunction[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.entity\.(ts|js)$/.test(file));
  const modules = await Promise.all(files.map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>));
  const isClass = (value: unknown): value is NewableFunction => typeof value === 'function';
  return [...new Set(modules.flatMap((module) => Object.values(module)).filter(isClass))];
}
