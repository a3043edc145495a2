import type { Locale } from '../i18n/catalogue.js';

/** Who is asking, as the web layer needs to know it. */
export interface Viewer {
  id: string;
  username: string;
  name: string;
  role: string;
  orgUnitId: string;
  orgName: string;
  orgPath: string;
  locale: Locale;
  /** Staff number, for those who have one. */
  agentNo?: string | null;
  /** What a token is limited to; people and other tokens have none. */
  scope?: string | null;
  /** Where the request came from, for the audit log. */
  requestId?: string;
  ip?: string;
}

/** Port: the web layer asks who somebody is; the module that knows people answers. */
export abstract class Authenticator {
  /** The person of a session, or undefined when the account is gone or disabled. */
  abstract bySession(userId: string): Promise<Viewer | undefined>;
  /** The bearer of an API token, or undefined when it is unknown, expired or revoked. */
  abstract byToken(token: string): Promise<Viewer | undefined>;
  /** Keeps the language a person chose. */
  abstract rememberLocale(viewer: Viewer, locale: Locale): Promise<void>;
}
