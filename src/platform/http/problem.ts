import { HttpException } from '@nestjs/common';
import { DomainError, type ErrorParams, InvalidInput } from '../../kernel/errors.js';
import type { Catalogue, Locale } from '../i18n/catalogue.js';

/** A refusal on its way out: what, where, and the sentence in the reader's language. */
export interface Problem {
  status: number;
  code: string;
  message: string;
  param: string | undefined;
  /** One sentence a field, for forms. */
  fields: Record<string, string>;
}

const FRAMEWORK_CODES: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_REQ_FILE_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_body',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_body',
  FST_ERR_BAD_URL: 'malformed_address',
  FST_ERR_MAX_PARAM_LENGTH: 'malformed_address',
};
const STATUS_CODES: Record<number, string> = {
  400: 'malformed_body',
  404: 'route_not_found',
  405: 'route_not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/** PostgreSQL's names for a value that is none: no number or uuid, too large a number, a day that never was, a character it does not keep. */
const UNREADABLE_VALUES = new Set(['22P02', '22003', '22007', '22008', '22021', '22P05']);

interface FrameworkError {
  statusCode?: number;
  code?: string;
  /** Of PostgreSQL's errors. */
  severity?: string;
}

/** What no check of ours has stopped, and the database cannot read: mostly a page marker or an id that somebody made up. */
export const isUnreadableValue = (error: unknown): boolean => {
  const { code, severity } = error as FrameworkError;
  return severity === 'ERROR' && UNREADABLE_VALUES.has(code ?? '');
};

/** Any error as a DomainError; what nobody foresaw becomes `server` and tells nothing of itself. */
export function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isUnreadableValue(error)) return new DomainError('value_unreadable', { status: 400 });
  const { statusCode, code } = error as FrameworkError;
  const status = error instanceof HttpException ? error.getStatus() : (statusCode ?? 500);
  const known = FRAMEWORK_CODES[code ?? ''] ?? STATUS_CODES[status];
  if (status >= 500 && status !== 503) return new DomainError('server', { status: 500 });
  return new DomainError(known ?? 'malformed_body', { status });
}

/** The sentence of a code: `error.<code>`; a code without a text shows itself rather than nothing. */
export function sentence(catalogue: Catalogue, locale: Locale, code: string, params: ErrorParams): string {
  return catalogue.has(`error.${code}`) ? catalogue.t(locale, `error.${code}`, params) : code;
}

/** The values a field takes, each by its word where it has one: `metric.<code>` for a field `metric`. */
function named(
  { param, code, params = {} }: { param: string; code: string; params?: ErrorParams },
  catalogue: Catalogue,
  locale: Locale,
): ErrorParams {
  if (code !== 'invalid_is_in' || typeof params.limit !== 'string') return params;
  const field = param.split('.').at(-1) ?? param;
  const wordOf = (value: string): string => {
    const key = `${field}.${value}`;
    return catalogue.has(key) ? catalogue.t(locale, 'error.value_named', { name: catalogue.t(locale, key), value }) : value;
  };
  return { ...params, limit: params.limit.split(', ').map(wordOf).join(', ') };
}

/** What readers of pages call a filter of an address; programs call it as it is. */
export const readersName = (catalogue: Catalogue, locale: Locale, param: string): string =>
  catalogue.has(`filter_name.${param}`) ? catalogue.t(locale, `filter_name.${param}`) : param;

/** @param nameOf how the reader calls a field */
export function problemOf(error: DomainError, catalogue: Catalogue, locale: Locale, nameOf = (param: string): string => param): Problem {
  const fields: Record<string, string> = {};
  if (error instanceof InvalidInput) {
    for (const fault of error.faults) fields[fault.param] ??= sentence(catalogue, locale, fault.code, named(fault, catalogue, locale));
  }
  const first = error.param === undefined ? undefined : fields[error.param];
  const message =
    first === undefined
      ? sentence(catalogue, locale, error.code, error.params)
      : catalogue.t(locale, 'error.invalid_input', { param: nameOf(error.param ?? ''), fault: first });
  if (error.param !== undefined) fields[error.param] ??= message;
  return { status: error.status, code: error.code, message, param: error.param, fields };
}
