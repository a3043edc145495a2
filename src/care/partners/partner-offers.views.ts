import { type Day, dayOf } from '../../kernel/day.js';
import type { Catalogue, Locale } from '../../platform/i18n/catalogue.js';
import { sayer } from '../care.views.js';
import { type Entitlement, OCCASIONS, PARTNER_KINDS, type PartnerOffer, type PartnerOfferRow } from './partner-offers.types.js';

/** Best first, as everywhere. */
const STARS = [7, 6, 5, 4, 3, 2, 1] as const;

type Typed = Record<string, string | undefined>;

const STATE_TONES: Record<PartnerOfferRow['state'], string> = { valid: 'ok', coming: 'info', over: '' };

/** What is said of an offer on a call: what, on which day where it is not every day, until when, and how one gets it. */
export function offerSentence(catalogue: Catalogue, locale: Locale, now: Date): (offer: Entitlement) => string {
  const say = sayer(catalogue, locale, now);
  return (offer) => {
    const later = offer.on > dayOf(now);
    const when = offer.occasion === 'any' && !later ? 'now' : offer.occasion;
    return say({
      key: `care.partner.said.${when}`,
      params: { partner: offer.partner, benefit: offer.benefit, redeem: offer.redeem, on: { day: offer.on }, until: { day: offer.validUntil } },
    });
  };
}

export const offerView = (row: PartnerOfferRow): object => ({ ...row, tone: STATE_TONES[row.state], stars: [...row.stars].reverse() });

/** What the boxes of a form hold: as typed, else as saved. */
export function formValues(saved: PartnerOffer | undefined, typed: Typed | undefined): object {
  const chosen = typed ? STARS.filter((star) => typed[`star${star}`]) : (saved?.stars ?? []);
  return {
    kinds: PARTNER_KINDS,
    occasions: OCCASIONS,
    stars: STARS.map((star) => ({ star, chosen: chosen.includes(star) })),
    values: typed ?? { ...saved },
  };
}

/** A box a star level; everything else under its own name. */
export const formOf = (typed: Typed): Record<string, unknown> => ({ ...typed, stars: STARS.filter((star) => typed[`star${star}`]) });

/** The offers a customer may use, for the panel: the day shown where it lies ahead. */
export const entitledView = (today: Day) => (offer: Entitlement) => ({ ...offer, later: offer.on > today });
