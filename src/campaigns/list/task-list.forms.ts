import { IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

/** The tasks nobody has, where a username is asked for. */
export const NOBODY = '-';

/** Which tasks of a campaign are looked at. */
export class CallListForm {
  @IsOptional() @Matches(/^[a-z_]{1,20}$/) state?: string;

  /** The username of whose tasks they are; {@link NOBODY}: those without an owner. */
  @IsOptional() @IsString() @Length(1, 60) owner?: string;

  /** The code of a unit: tasks of its people and of the units below. */
  @IsOptional() @IsString() @Length(1, 64) team?: string;

  @IsOptional() @IsString() @MaxLength(500) cursor?: string;
}
