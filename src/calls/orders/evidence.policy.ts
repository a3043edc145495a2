/** How the caller made sure to speak with the holder. */
export const IDENTITY_CHECKS = ['answers', 'id_digits', 'sms_code'] as const;
export type IdentityCheck = (typeof IDENTITY_CHECKS)[number];

/** What the tariff catalogue says of a product. */
export interface OfferTerms {
  /** A month, in fen. */
  priceFen: number;
  /** How long it binds; null or 0: it does not. */
  contractMonths: number | null;
}

/** What an order of a product has to show (CAM-9). */
export interface Demand {
  /** The contract term has to be read out. */
  contract: boolean;
  /** It costs something: the customer has to confirm it once more (二次确认). */
  paid: boolean;
}

export interface Evidence {
  product?: string | undefined;
  identity?: IdentityCheck | undefined;
  tariffRead?: boolean | undefined;
  startRead?: boolean | undefined;
  contractRead?: boolean | undefined;
}

export type EvidencePiece = 'product' | 'identity' | 'tariff' | 'start' | 'contract';

/**
 * The catalogue knows; where it does not, a contract is taken to bind and the price is as the seller says.
 * @param saidPaid what the seller says of the price
 */
export const demandOf = (offer: OfferTerms | undefined, saidPaid: boolean): Demand =>
  offer ? { contract: (offer.contractMonths ?? 0) > 0, paid: offer.priceFen > 0 } : { contract: true, paid: saidPaid };

/** What is missing of what the product demands, in the order in which it is asked. */
export function missingEvidence(given: Evidence, { contract }: Pick<Demand, 'contract'>): EvidencePiece[] {
  const pieces: [EvidencePiece, boolean][] = [
    ['product', Boolean(given.product)],
    ['identity', given.identity !== undefined],
    ['tariff', given.tariffRead === true],
    ['start', given.startRead === true],
    ['contract', given.contractRead === true || !contract],
  ];
  return pieces.filter(([, there]) => !there).map(([piece]) => piece);
}
