import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsString, Length, MaxLength } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { MESSAGE_PURPOSES, type MessagePurpose } from '../messaging.types.js';

export class OptOutForm {
  @IsIn(MESSAGE_PURPOSES)
  purpose!: MessagePurpose;

  /** Empty: nothing is said. */
  @OrLeftOut()
  @IsString()
  @MaxLength(30)
  text: string = '';
}

export class ForbiddenWordForm {
  /** A word, or a character: `中奖`, `U+200B`. */
  @IsString()
  @Length(1, 30)
  word!: string;

  /** Left out: all. */
  @OrLeftOut()
  @Transform(({ value }: { value: unknown }) => [value].flat().filter((each) => each !== ''))
  @IsArray()
  @ArrayMaxSize(4)
  @IsIn(MESSAGE_PURPOSES, { each: true })
  purposes: MessagePurpose[] = [];

  @OrLeftOut()
  @IsString()
  @MaxLength(100)
  note: string = '';
}
