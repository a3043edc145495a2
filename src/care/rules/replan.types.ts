/** How the contacts a rule planned, and nobody has touched, follow what changes afterwards: star, manager, birthday, block, policy (CAR-11). */
export interface Replan {
  /**
   * The channels whose contacts stand only as long as the rule names them, with the same last day; what it names instead is planned at once. So a call
   * must be named on every day up to its deadline, and a message on the day it goes out, unless what is known changes.
   */
  follows: readonly ('call' | 'sms')[];
  /** What the explanation says when neither star nor policy has changed: `care.replan.<because>`. */
  because: 'facts' | 'birthday' | 'promotion' | 'rights' | 'follow_up';
}
