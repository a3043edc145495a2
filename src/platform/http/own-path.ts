const OWN_PATH = /^\/(?!\/)[\w\-./?=&%]*$/;

/** The address to go back to, as a form or a link brings it: one of this product, and nowhere else. @param home without such a one */
export const ownPath = (back: unknown, home: string): string => (typeof back === 'string' && OWN_PATH.test(back) ? back : home);
