import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { ORG_UNIT_KINDS, type OrgUnitKind, ROLES, type Role, TOKEN_SCOPES, type TokenScope } from './staff.types.js';

/** Letters of any script, digits, and . _ - @: what survives in an address and in a file name. */
const NAME = /^[\p{L}\p{N}._@-]+$/u;
/** Forms send text, programs send numbers. */
const ToNumber = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value));
const ToBoolean = () => Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export class LoginForm {
  @IsString()
  @Length(1, 100)
  username!: string;

  @IsString()
  @Length(1, 200)
  password!: string;
}

export class PasswordForm {
  @IsString()
  @Length(1, 200)
  current!: string;

  @IsString()
  @Length(8, 200)
  password!: string;
}

export class OrgUnitForm {
  @Matches(NAME)
  @MaxLength(60)
  code!: string;

  @IsString()
  @Length(1, 100)
  name!: string;

  @IsIn(ORG_UNIT_KINDS)
  kind!: OrgUnitKind;

  /** Code of the unit above; without one it lies below the top. */
  @IsOptional()
  @IsString()
  parent?: string | null;
}

export class UserForm {
  @Matches(NAME)
  @MaxLength(60)
  username!: string;

  @IsString()
  @Length(1, 100)
  name!: string;

  @IsIn(ROLES)
  role!: Role;

  @IsString()
  orgUnit!: string;

  @IsString()
  @Length(1, 200)
  password!: string;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  agentNo?: string | null;

  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(1000)
  dailyCapacity?: number;
}

export class UserPatch {
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string;

  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  @IsOptional()
  @IsString()
  orgUnit?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  password?: string;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  agentNo?: string | null;

  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(1000)
  dailyCapacity?: number;

  @IsOptional()
  @ToBoolean()
  @IsBoolean()
  active?: boolean;
}

export class TokenForm {
  /** contact: may only ask the gate and report to it, for robots and other centres (GOV-8). */
  @IsOptional()
  @IsIn(TOKEN_SCOPES)
  scope?: TokenScope | null;

  @IsString()
  @Length(1, 100)
  name!: string;

  @IsIn(ROLES)
  role!: Role;

  /** Code of the unit whose scope it gets; the top one when left out. */
  @IsOptional()
  @IsString()
  orgUnit?: string | null;
}
