/** The provider of an installation that has one, else null. */
export const SSO_SETTINGS = Symbol('single sign-on');
