import { ValidateIf } from 'class-validator';

/** May be left out, and not be null. */
export const OrLeftOut = () => ValidateIf((_form, value) => value !== undefined);
