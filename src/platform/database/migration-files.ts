import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A fault in the migrations folder or in one of its files; the message names the file. */
export class MigrationError extends Error {}

export interface MigrationFile {
  /** `20261122T0900-staff-users.sql` */
  file: string;
  /** Milliseconds of the time in the name; TypeORM orders by it. */
  time: number;
  text: string;
  hash: string;
}

export interface ReportingFile {
  file: string;
  text: string;
}

const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)-[a-z]+(?:-[a-z0-9]+)+\.sql$/;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function sqlFiles(folder: string): Promise<{ file: string; text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(names.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })));
}

function timeOf(file: string): number {
  const parts = NAME.exec(file)?.slice(1).map(Number);
  if (!parts) throw new MigrationError(`migrations/${file}: the name must look like 20261122T0900-staff-users.sql`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** The migrations in the order they run. @throws MigrationError for a bad name or two files of one minute. */
export async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const files = (await sqlFiles(folder)).map(({ file, text }) => ({ file, text, time: timeOf(file), hash: sha256(text) }));
  files.forEach((current, i) => {
    const before = files[i - 1];
    if (before?.time === current.time)
      throw new MigrationError(`migrations/${before.file} and ${current.file} bear the same time: their order would be left to chance`);
  });
  return files;
}

/** The views of schema `reporting`, in file name order, with one hash over all. */
export async function readReporting(folder: string): Promise<{ files: ReportingFile[]; hash: string }> {
  const files = await sqlFiles(join(folder, 'reporting')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return { files, hash: sha256(JSON.stringify(files)) };
}
