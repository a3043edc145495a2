import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A fault in a back-up, or in where it is to go; the message names the thing and the way out. */
export class BackupError extends Error {}

export interface TableEntry {
  /** `calls.attempt`, quoted where it must be. */
  table: string;
  columns: string[];
  rows: number;
  /** Sum of a hash of each row, in any order. */
  sum: string;
  /** In the folder of the back-up. */
  file: string;
}

export interface PartitionEntry {
  partition: string;
  parent: string;
  /** `FOR VALUES FROM ('…') TO ('…')`, or `DEFAULT`. */
  bound: string;
}

export interface Manifest {
  starcare: 1;
  /** When the snapshot was taken. */
  takenAt: string;
  migrations: { file: string; hash: string }[];
  partitions: PartitionEntry[];
  sequences: { sequence: string; value: string; called: boolean }[];
  tables: TableEntry[];
}

export const MANIFEST = 'manifest.json';

/** @throws BackupError when the folder holds no back-up */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new BackupError(`${folder} holds no back-up: there is no ${MANIFEST} in it. Name the folder that "npm run backup" made.`);
  const manifest = JSON.parse(text) as Partial<Manifest>;
  if (manifest.starcare !== 1 || !manifest.tables)
    throw new BackupError(`${folder}/${MANIFEST} is not one of StarCare: name the folder that "npm run backup" made.`);
  return manifest as Manifest;
}
