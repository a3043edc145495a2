import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

export class TestSendForm {
  /** Test numbers, by id or in any spelling. */
  @Transform(({ value }: { value: unknown }) => (value === undefined ? undefined : [value].flat()))
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @IsString({ each: true })
  numbers!: string[];

  /** As whom the text is made: the number of a customer; left out, the one whose text is longest. */
  @IsOptional()
  @IsString()
  @MaxLength(30)
  like?: string;

  /** The same, by the line: pages show no whole numbers. */
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  line?: string;

  /** One press of the button, by a word of its own: pressed twice it is one. */
  @IsOptional()
  @IsString()
  @Length(1, 60)
  press?: string;
}

export class TestNumberForm {
  @IsString()
  @MaxLength(30)
  phone!: string;

  /** Whose it is; left out: one's own. */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  label?: string;
}
