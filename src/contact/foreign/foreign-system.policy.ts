const FOREIGN = 'api:';

/** How the ledger names what another system does: 'api:robot:spring'. Accounts of tokens are called `token:<name>`. */
export function foreignSource(username: string, campaign?: string | null): string {
  const system = nameOf(username);
  return campaign ? `${FOREIGN}${system}:${campaign}` : `${FOREIGN}${system}`;
}

/** The name of a system as it stands in the ledger. */
export const nameOf = (username: string): string => username.replace(/^token:/, '').replaceAll(':', '-');

/** Which system a touch belongs to; '' = this product. The SQL form is in gate.queries. */
export const systemOf = (source: string): string => (source.startsWith(FOREIGN) ? (source.split(':')[1] ?? '') : '');
