import 'fastify';
import '@fastify/cookie';
import '@fastify/multipart';
import '@fastify/session';
import type { Locale, TextParams } from '../i18n/catalogue.js';
import type { Viewer } from './authenticator.js';

export interface ViewOptions {
  /** false: the template alone, for an htmx fragment. */
  layout?: string | false;
  status?: number;
  /** Without what the frame around a page asks the database: nobody's name, no badges. */
  alone?: boolean;
}

declare module 'fastify' {
  interface Session {
    userId?: string;
    /** When, from where and with what somebody logged in. */
    opened?: { at: string; ip: string; agent: string };
    csrfSecret?: string;
    /** A single sign-on under way: what it must come back with, and where it leads. */
    sso?: { state: string; nonce: string; verifier: string; next: string };
    /** A sentence for the next page, shown once. */
    flash?: { key: string; params: TextParams };
  }
  interface FastifyRequest {
    viewer: Viewer | undefined;
    /** The language of this request, see language.ts. */
    locale: Locale;
    /** Of a file that came with an Idempotency-Key: what its content is held against when the key comes again (upload.ts). */
    uploadDigest?: string | undefined;
  }
  interface FastifyReply {
    /** Renders `templates/<view>.hbs` inside the layout. Await or return it: faults of the template reject. */
    view(view: string, context?: object, options?: ViewOptions): Promise<void>;
  }
  interface FastifyContextConfig {
    /** The handler reads a multipart body itself and checks the CSRF token on the way (upload.ts). */
    upload?: boolean;
    /** A GET that changes something because others call it so: it runs to its end whoever waits. */
    writes?: boolean;
  }
}
