import { IsIn, IsOptional, Matches } from 'class-validator';
import { type Decision, DECISIONS } from './review.queries.js';

export class DecisionForm {
  @IsIn(DECISIONS) decision!: Decision;

  /** What it says to the order: Y confirms, N declines; with the order's code where the number has several that wait. */
  @IsOptional() @Matches(/^[YN](?:[1-9]\d?)?$/) word?: string;
}
