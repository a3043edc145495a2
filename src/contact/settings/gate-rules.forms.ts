import { IsObject, IsString, MaxLength } from 'class-validator';

export class RuleSettingsForm {
  /** The one that GET gave. */
  @IsString()
  @MaxLength(20)
  version!: string;

  /** By path, such as `caps.callsPerDay: 1` or `callWindow: [['09:00', '12:00']]`. */
  @IsObject()
  settings!: Record<string, unknown>;
}
