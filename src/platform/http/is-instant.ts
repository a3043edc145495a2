import { isISO8601, ValidateBy } from 'class-validator';

/** A day, or an instant with or without its zone: of ISO 8601 the part of which a Date can be made. Weeks, days of the year and months alone are none. */
const SHAPE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && SHAPE.test(value) && !value.startsWith('0000') && isISO8601(value, { strict: true });

export const IsInstant = (): PropertyDecorator => ValidateBy({ name: 'isIso8601', validator: { validate: isInstant } });
