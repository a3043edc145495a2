/** Something a module announces after its commit. `P` is JSON and carries ids. */
export interface EventType<P extends object> {
  readonly name: string;
  /** Never set: binds the payload's type to the event. */
  readonly payload?: P;
}

/** @param name `<module>.<past participle>`, such as `campaigns.launched`. */
export const defineEvent = <P extends object>(name: string): EventType<P> => ({ name });
