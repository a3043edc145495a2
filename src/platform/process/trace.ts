import { AsyncLocalStorage } from 'node:async_hooks';

const traces = new AsyncLocalStorage<string>();

/** The id of the request that asked for what happens now, carried on through the jobs it left; undefined where nobody asked. */
export const requestIdNow = (): string | undefined => traces.getStore();

/** Does work that a request asked for. */
export const onBehalfOf = <T>(requestId: string | null | undefined, work: () => T): T => (requestId ? traces.run(requestId, work) : work());
