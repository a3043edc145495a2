import { IsIn, IsOptional } from 'class-validator';
import { LIVE_OUTCOMES, type LiveOutcome } from './live.types.js';

export class LiveForm {
  /** need: who wants a look first · team: by team */
  @IsOptional() @IsIn(['need', 'team']) by?: 'need' | 'team';
}

/** Which count of the board is opened. */
export class LiveContactsForm {
  @IsIn(LIVE_OUTCOMES) outcome!: LiveOutcome;
}
