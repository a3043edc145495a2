import { IsIn, IsOptional } from 'class-validator';
import { type Decision, DECISIONS } from './review.queries.js';

export class DecisionForm {
  @IsIn(DECISIONS) decision!: Decision;

  /** What it says to the order: Y confirms, N declines. */
  @IsOptional() @IsIn(['Y', 'N']) word?: 'Y' | 'N';
}
