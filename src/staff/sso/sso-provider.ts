import { Inject, Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { DomainError } from '../../kernel/errors.js';
import type { Oidc } from '../../platform/config/config.js';
import { SSO_SETTINGS } from './sso.types.js';

/** What a login that has begun must come back with; kept in the session of the browser that began it. */
export interface SsoTicket {
  state: string;
  nonce: string;
  verifier: string;
}

const SCOPE = 'openid profile email';

/** The other side of a single sign-on: authorization code with PKCE, state and nonce. */
@Injectable()
export class SsoProvider {
  private known: Promise<oidc.Configuration> | undefined;

  constructor(@Inject(SSO_SETTINGS) private readonly settings: Oidc | null) {}

  get isOffered(): boolean {
    return this.settings !== null;
  }

  /** @throws DomainError route_not_found (404) without a provider · sso_unavailable (503) when it does not answer */
  async begin(redirectUri: string): Promise<{ address: string; ticket: SsoTicket }> {
    const configuration = await this.configuration();
    const ticket = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    const address = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state: ticket.state,
      nonce: ticket.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(ticket.verifier),
      code_challenge_method: 'S256',
    });
    return { address: address.href, ticket };
  }

  /** @returns the user name the provider vouches for. @throws DomainError sso_failed (401) for whatever does not fit the ticket */
  async finish(returned: URL, { state, nonce, verifier }: SsoTicket): Promise<string> {
    const configuration = await this.configuration();
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(configuration, returned, checks).catch(refuse);
    const name = await this.nameIn(configuration, tokens);
    if (typeof name !== 'string' || name === '') throw new DomainError('sso_no_name', { status: 401 });
    return name;
  }

  /** Of the ID token; providers that keep names out of it tell them at their own address. */
  private async nameIn(configuration: oidc.Configuration, tokens: Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>): Promise<unknown> {
    const [claims, claim] = [tokens.claims(), this.settings?.claim ?? ''];
    if (!claims || claims[claim] !== undefined || !configuration.serverMetadata().userinfo_endpoint) return claims?.[claim];
    return (await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub).catch(refuse))[claim];
  }

  /** Asked once; what failed is asked again by the next login. */
  private configuration(): Promise<oidc.Configuration> {
    const { settings } = this;
    if (!settings) throw new DomainError('route_not_found', { status: 404 });
    this.known ??= discover(settings).catch((cause: unknown) => {
      this.known = undefined;
      throw Object.assign(new DomainError('sso_unavailable', { status: 503 }), { cause });
    });
    return this.known;
  }
}

function refuse(cause: unknown): never {
  throw Object.assign(new DomainError('sso_failed', { status: 401 }), { cause });
}

/** By header, which is the standard's default, unless the provider wants the secret in the body. */
const authentication =
  (secret: string): oidc.ClientAuth =>
  (server, ...rest) =>
    (server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') === false ? oidc.ClientSecretPost : oidc.ClientSecretBasic)(
      secret,
    )(server, ...rest);

function discover({ issuer, clientId, clientSecret }: Oidc): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  // the settings take http for this machine alone
  const execute = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(url, clientId, undefined, authentication(clientSecret), { execute });
}
