import { IsIn, IsOptional } from 'class-validator';

export class LiveForm {
  /** need: who wants a look first · team: by team */
  @IsOptional() @IsIn(['need', 'team']) by?: 'need' | 'team';

  @IsOptional() @IsIn(['zh', 'en']) lang?: string;
}
