import { ValidateBy } from 'class-validator';
import { isDay } from '../../kernel/day.js';

/** A day there is: 2026-02-30 is none, nor is any of the year 0, which calendars and the database do without. */
export const IsDay = (): PropertyDecorator =>
  ValidateBy({
    name: 'isDay',
    validator: { validate: (value) => typeof value === 'string' && isDay(value) && !value.startsWith('0000'), defaultMessage: () => 'day_malformed' },
  });
