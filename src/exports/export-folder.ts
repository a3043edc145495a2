import { join } from 'node:path';

/** Folder of made files; shared by the web and the worker processes of one installation. */
export const EXPORT_FOLDER = Symbol('EXPORT_FOLDER');

export const filePath = (folder: string, { file, format }: { file: string; format: string }): string => join(folder, `${file}.${format}`);
