import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { LEAST_LENGTH } from './login/password.policy.js';
import { ORG_UNIT_KINDS, type OrgUnitKind, ROLES, type Role, TOKEN_SCOPES, type TokenScope, USERNAME } from './staff.types.js';

/** Forms send text, programs send numbers. */
const ToNumber = () => Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value));
const ToBoolean = () => Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** What is left out stays; null is no value of it. */
const OrLeftOut = () => ValidateIf((_form, value) => value !== undefined);

/** Of one's own password and of one that is handed out: nobody has to change it. More would only cost time to hash (ASVS 2.1.2). */
const PASSWORD_LENGTH = [LEAST_LENGTH, 128] as const;

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
  @Length(...PASSWORD_LENGTH)
  password!: string;
}

export class OrgUnitForm {
  @Matches(USERNAME)
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

const PHONE = /^([\d+\-# 转]{3,24})?$/;

export class UserForm {
  @Matches(USERNAME)
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
  @Length(...PASSWORD_LENGTH)
  password!: string;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  agentNo?: string | null;

  /** As it is told to customers: 138 0013 8000, 025-8888 1234转2031. */
  @IsOptional()
  @IsString()
  @Matches(PHONE, { message: 'staff_phone' })
  phone?: string | null;

  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(1000)
  dailyCapacity?: number;
}

export class UserPatch {
  @OrLeftOut()
  @IsString()
  @Length(1, 100)
  name?: string;

  @OrLeftOut()
  @IsIn(ROLES)
  role?: Role;

  @OrLeftOut()
  @IsString()
  orgUnit?: string;

  @OrLeftOut()
  @IsString()
  @Length(...PASSWORD_LENGTH)
  password?: string;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  agentNo?: string | null;

  /** As it is told to customers: 138 0013 8000, 025-8888 1234转2031. */
  @IsOptional()
  @IsString()
  @Matches(PHONE, { message: 'staff_phone' })
  phone?: string | null;

  @OrLeftOut()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(1000)
  dailyCapacity?: number;

  @OrLeftOut()
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

  /** Code of the unit whose scope it gets; that of whoever makes it when left out. */
  @IsOptional()
  @IsString()
  orgUnit?: string | null;
}

/** A kind of job: all that were given up of it are tried again. */
export class JobKindForm {
  @IsString()
  @Length(1, 100)
  job!: string;
}

export class DeadJobsQuery {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  job?: string;

  @IsOptional()
  @IsString()
  cursor?: string;
}
