import { IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

/** The tasks nobody has, where a username is asked for. */
export const NOBODY = '-';

/** Which tasks of a campaign, on its page and in its file. */
export class CallListFilter {
  @IsOptional() @Matches(/^[a-z_]{1,20}$/) state?: string;

  /** The username of whose tasks they are; {@link NOBODY}: those without an owner. */
  @IsOptional() @IsString() @Length(1, 60) owner?: string;

  /** The code of a unit: tasks of its people and of the units below. */
  @IsOptional() @IsString() @Length(1, 64) team?: string;
}

export class CallListForm extends CallListFilter {
  @IsOptional() @IsString() @MaxLength(500) cursor?: string;
}
