import { totalmem } from 'node:os';

const MB = 1024 * 1024;

/** A quarter of the memory, at most 2 GB: more gave nothing in the measurements. */
const sharedBuffers = (): string => `${Math.max(128, Math.min(2048, Math.floor(totalmem() / 4 / MB)))}MB`;

/**
 * Settings given at every start (never written into the cluster, so an upgrade changes them).
 * @param durable false only for tests: a crash of the machine may then lose the cluster.
 */
export function settings(port: number, durable: boolean): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '200',
    shared_buffers: durable ? sharedBuffers() : '256MB',
    work_mem: '64MB',
    temp_buffers: '64MB',
    maintenance_work_mem: '256MB',
    max_wal_size: durable ? '4GB' : '1GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    random_page_cost: '1.1',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum_naptime: '1h' }),
  };
}

export const asOptions = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => `-c ${name}='${value}'`)
    .join(' ');
