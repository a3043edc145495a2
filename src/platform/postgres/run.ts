import { execFile } from 'node:child_process';

/** The system account the server runs as. PostgreSQL refuses to run as root. */
export interface Account {
  uid: number;
  gid: number;
}

export interface RunResult {
  code: number;
  output: string;
}

/** Runs a program to its end as `account` (undefined: as ourselves). Never throws for a non-zero exit. */
export function run(file: string, args: readonly string[], account?: Account): Promise<RunResult> {
  // cwd '/' because the database account may not enter the folder we were started in
  const options = { cwd: '/', maxBuffer: 16 * 1024 * 1024, ...(account ? { uid: account.uid, gid: account.gid } : {}) };
  return new Promise((resolve) => {
    execFile(file, [...args], options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 127) : 0;
      resolve({ code, output: `${stdout}${stderr}${code === 127 && error ? error.message : ''}`.trim() });
    });
  });
}
