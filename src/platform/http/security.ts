import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

const POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  scriptSrcAttr: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameSrc: ['tel:'], // the call desk rings one's own telephone
  frameAncestors: ["'none'"],
};

/** Security headers with a content policy that allows nothing inline; only the API's own page may style inline. */
export async function registerSecurityHeaders(app: NestFastifyApplication, fastify: FastifyInstance): Promise<void> {
  // Before helmet, whose own onRoute hook reads route.helmet.
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/docs')) return;
    Object.assign(route, {
      helmet: { contentSecurityPolicy: { useDefaults: false, directives: { ...POLICY, styleSrc: ["'self'", "'unsafe-inline'"] } } },
    });
  });
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
  });
}
