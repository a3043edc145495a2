import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/**
 * A real provider of OpenID Connect as a process of its own, for the tests of single sign-on. It asks for no password: `x-who` at its login is who sits there.
 * `/client?redirect=` registers the one client; what comes before has nobody to answer it.
 */
const CLIENT = { client_id: process.env.CLIENT_ID ?? '', client_secret: process.env.CLIENT_SECRET ?? '' };

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
let provider: Provider | undefined;
let rest: Answer | undefined;

function open(issuer: string, redirect: string): void {
  const made: Provider = new Provider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: [redirect] }],
    claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email'] },
    cookies: { keys: ['a key of the test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
    // nobody is asked what the client may know
    loadExistingGrant: async ({ oidc }) => {
      const grant = new made.Grant({ clientId: oidc.client?.clientId ?? '', accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  provider = made;
  rest = made.callback();
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname === '/client') {
    open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, url.searchParams.get('redirect') ?? '');
    response.writeHead(204).end();
  } else if (url.pathname.startsWith('/interaction/'))
    void provider?.interactionFinished(request, response, { login: { accountId: String(request.headers['x-who']) } });
  else if (rest) void rest(request, response);
  else response.writeHead(503).end();
});
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ event: 'listening', line: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })),
);
process.stdin.on('end', () => process.exit(0)).resume();
