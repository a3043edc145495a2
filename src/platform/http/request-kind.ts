import type { FastifyRequest } from 'fastify';

export const isApi = (request: FastifyRequest): boolean => request.url.startsWith('/api/');
export const isHtmx = (request: FastifyRequest): boolean => request.headers['hx-request'] === 'true';
export const isUnsafe = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);
export const wantsHtml = (request: FastifyRequest): boolean =>
  !isApi(request) && (isHtmx(request) || (request.headers.accept ?? '').includes('text/html'));
/** The path without the query, which may hold names and numbers of customers. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';
