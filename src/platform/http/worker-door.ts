import type { FastifyInstance } from 'fastify';

const OPEN = new Set(['/health/live', '/health/ready', '/metrics']);

/**
 * A worker is no second way in: it answers load balancers and Prometheus, and knows no other address. First of all hooks, so that
 * nothing of a refused request is looked at.
 */
export function closeAllButHealth(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (OPEN.has(request.routeOptions.url ?? '')) return done();
    void reply.code(404).type('text/plain; charset=utf-8').send('This is a StarCare worker: pages and API are served by ROLE=web.\n');
  });
}
