import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { StartError } from './lifecycle.js';
import { databaseFault, folderFault, hostFault, redisFault } from './start-faults.js';

const failed = (code: string): Error => Object.assign(new Error('raw'), { code });

describe('SYS-5 a start that fails names the setting, the reason and the way out', () => {
  it.each([
    [databaseFault, 'ECONNREFUSED', /DATABASE_URL.*start PostgreSQL.*\(ECONNREFUSED\)/],
    [databaseFault, 'ENOTFOUND', /DATABASE_URL.*correct it/],
    [databaseFault, '28P01', /DATABASE_URL.*password/],
    [databaseFault, '3D000', /DATABASE_URL.*createdb/],
    [folderFault, 'ENOTDIR', /DATA_DIR.*folder that this user may write to/],
    [hostFault, 'EADDRNOTAVAIL', /HOST.*127\.0\.0\.1/],
  ])('%p of %s', (fault, code, said) => {
    const told = fault(failed(code));
    expect(told).toBeInstanceOf(StartError);
    expect((told as Error).message).toMatch(said);
  });

  it('leaves everything else as it is', () => {
    const other = failed('XX000');
    for (const fault of [databaseFault, folderFault, hostFault]) expect(fault(other)).toBe(other);
  });

  it('says of Redis that nothing answers, and nothing when something does', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await redisFault(`redis://127.0.0.1:${port}`)).toBeNull();
    await new Promise((resolve) => server.close(resolve));
    expect(await redisFault(`redis://127.0.0.1:${port}`)).toMatch(/REDIS_URL \(ECONNREFUSED\).*Start Redis/);
  });
});
