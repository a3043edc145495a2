import { CurrentViewer } from '../platform/http/access.js';
import type { Viewer } from '../platform/http/authenticator.js';

export const ROLES = ['manager', 'planner', 'supervisor', 'judge', 'client', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const TOKEN_SCOPES = ['contact'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export const ORG_UNIT_KINDS = ['province', 'city', 'team', 'vendor'] as const;
export type OrgUnitKind = (typeof ORG_UNIT_KINDS)[number];

/** Who is asking. `orgPath` is the scope: everything whose path starts with it. */
export interface CurrentUser extends Viewer {
  role: Role;
}

/** What people are known by on a watermark: the staff number, or the username of those who have none. */
export const staffNoOf = ({ agentNo, username }: Pick<CurrentUser, 'agentNo' | 'username'>): string => agentNo ?? username;

/** `@CurrentUser() user: CurrentUser` in page and API controllers alike. */
export const CurrentUser = CurrentViewer;

export interface DemoLogin {
  username: string;
  name: string;
  role: Role;
}

/** The people the login page lets in with one click. Empty unless the demo fills it. */
export class DemoLogins {
  entries: DemoLogin[] = [];
  /** The password they all have, shown on the page. */
  password = '';
}

/** Letters of any script, digits, and . _ - @: what survives in an address and in a file name. */
export const USERNAME = /^[\p{L}\p{N}._@-]+$/u;
