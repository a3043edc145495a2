import { ValidateBy } from 'class-validator';
import { isDay } from '../../kernel/day.js';

/** A day there is: 2026-02-30 is none. */
export const IsDay = (): PropertyDecorator =>
  ValidateBy({ name: 'isDay', validator: { validate: (value) => typeof value === 'string' && isDay(value), defaultMessage: () => 'day_malformed' } });
