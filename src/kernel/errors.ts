/** A value for which the reader's language has words: a key of the catalogues, and the values of its sentence. */
export interface Worded {
  key: string;
  params?: ErrorParams;
}

export type ErrorParams = { [name: string]: string | number | null | undefined | Worded };

export interface DomainErrorOptions {
  /** HTTP status: 400 malformed, 401, 403, 404, 409 conflict of state, 422 (default) a rule says no. */
  status?: number;
  /** The field at fault, as the API names it. */
  param?: string;
  /** Values for the sentence. */
  params?: ErrorParams;
}

/**
 * A refusal a user can understand: a stable code, the field, and the values of the sentence. The sentence itself
 * stands in the catalogues under `error.<code>`, so that every reader gets it in their language.
 */
export class DomainError extends Error {
  readonly status: number;
  readonly param: string | undefined;
  readonly params: ErrorParams;

  constructor(
    readonly code: string,
    options: DomainErrorOptions = {},
  ) {
    super(code);
    this.name = 'DomainError';
    this.status = options.status ?? 422;
    this.param = options.param;
    this.params = options.params ?? {};
  }
}

/** A rule says no, and will say so again; what passes by itself (nothing is wrong with what was asked, 503) is none. */
export const isRefusal = (error: unknown): error is DomainError => error instanceof DomainError && error.status < 500;

/** What is outside the caller's scope looks exactly like what does not exist. */
export const notFound = (thing: string, id: string): DomainError => new DomainError('not_found', { status: 404, params: { thing, id } });

/** For what a field names: not the thing of the address is missing, but this. @throws DomainError not_found, at the field */
export async function named<T extends object>(param: string, looked: Promise<T>): Promise<T> {
  const found = await looked.catch(orUndefined);
  if (found === undefined) throw new DomainError('not_found', { status: 404, param });
  return found;
}

/** For a lookup whose caller says in its own words that a thing does not exist: undefined instead of not_found, any other error passes. */
export function orUndefined(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'not_found') return undefined;
  throw error;
}

/** Several faults of one form at once, each at its field. */
export class InvalidInput extends DomainError {
  constructor(readonly faults: { param: string; code: string; params?: ErrorParams }[]) {
    super('invalid_input', { status: 422, ...(faults[0] ? { param: faults[0].param, params: faults[0].params ?? {} } : {}) });
  }
}
