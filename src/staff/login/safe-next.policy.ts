/** Where to go after a login: only an address of our own. `//elsewhere` and `/\elsewhere` would lead away. */
export const safeNext = (next: unknown): string | undefined => (typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined);
