import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsString, Length, Matches } from 'class-validator';

const asList = ({ value }: { value: unknown }): unknown => (value === undefined || Array.isArray(value) ? value : [value]);

/** Tasks that somebody ticked. */
export class TickedForm {
  @Transform(asList)
  @IsArray()
  @ArrayNotEmpty({ message: 'handover_nothing_ticked' })
  @ArrayMaxSize(200)
  @Matches(/^\d{1,18}$/, { each: true })
  tasks: string[] = [];
}

export class TickedOrder extends TickedForm {
  /** The username of an active manager of the scope. */
  @IsString() @Length(1, 60) to!: string;

  /** For the record of each task (R31). */
  @IsString() @Length(1, 200) why!: string;
}
