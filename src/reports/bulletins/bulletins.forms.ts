import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { BULLETIN_KINDS, type BulletinKind, DEFAULT_TIMES, MOST_TIMES } from './bulletins.types.js';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
/** What a page sends in one box: times with blanks or commas between. */
const inParts = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.split(/[\s,，、;；]+/).filter(Boolean) : value);

/** What can be changed of a bulletin. */
export class BulletinChangeForm {
  /** https, or one of the operator's own hosts; left out on a change: stays. */
  @IsOptional() @IsString() @MaxLength(2000) url?: string;

  /** Signs the deliveries of kind `json`, 16 to 200 characters; left out on a change: stays. */
  @OrLeftOut() @IsString() @Length(16, 200, { message: 'bulletin_secret_short' }) secret?: string;

  /** 'HH:MM' in Asia/Shanghai; default: 12:00 and 18:00. */
  @Transform(inParts)
  @IsArray()
  @ArrayMinSize(1, { message: 'bulletin_times' })
  @ArrayMaxSize(MOST_TIMES, { message: 'bulletin_times' })
  @ArrayUnique({ message: 'bulletin_times' })
  @Matches(TIME, { each: true, message: 'bulletin_times' })
  times: string[] = [...DEFAULT_TIMES];

  @Transform(({ value }: { value: unknown }) => value === true || value === 'true' || value === 'on')
  @IsBoolean()
  active = false;
}

export class BulletinForm extends BulletinChangeForm {
  /** Code of the team, city or province whose figures it tells. */
  @IsString() @Length(1, 64) orgUnit!: string;

  @IsIn(BULLETIN_KINDS) kind!: BulletinKind;
}
