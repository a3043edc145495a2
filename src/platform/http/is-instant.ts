import { Transform } from 'class-transformer';
import { IsDate, isISO8601, ValidateBy } from 'class-validator';
import { instantIn } from '../../kernel/day.js';

/** A day, or an instant with or without its zone: of ISO 8601 the part of which a Date can be made. Weeks, days of the year and months alone are none. */
const SHAPE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && SHAPE.test(value) && !value.startsWith('0000') && isISO8601(value, { strict: true });

export const IsInstant = (): PropertyDecorator => ValidateBy({ name: 'isIso8601', validator: { validate: isInstant } });

/** The moment a text names, without a zone in Shanghai; what names none stays as it is, and is refused. */
const momentOf = (value: unknown): unknown => (isInstant(value) && value.includes('T') ? instantIn(value) : value);

/** A field that is a moment, handed in as {@link IsInstant} takes it: a day alone is none. */
export const AsInstant = (): PropertyDecorator => (target, key) => {
  Transform(({ value }) => momentOf(value))(target, key);
  IsDate({ message: 'instant_invalid' })(target, key);
};
