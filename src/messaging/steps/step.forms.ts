import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsInt, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { OrLeftOut } from '../../platform/http/or-left-out.js';
import { DomainError } from '../../kernel/errors.js';
import type { SmsStep } from '../../campaigns/campaigns.types.js';

const asList = ({ value }: { value: unknown }): unknown => (value === undefined || Array.isArray(value) ? value : [value]);
/** A month. */
const MOST_HOURS = 720;

class StepTextForm {
  @IsString() code!: string;

  /** Per cent of the customers; of the first text what the others leave. */
  @IsOptional() @IsInt() @Min(1) @Max(98) percent?: number;
}

/** POST /campaigns/:code/sms-step. */
export class StepApiForm {
  @IsIn(['before', 'after']) when!: 'before' | 'after';

  @IsInt() @Min(0) @Max(MOST_HOURS) hours!: number;

  @OrLeftOut() @IsArray() @IsString({ each: true }) outcomes: string[] = [];

  @IsArray() @ArrayNotEmpty() @ArrayMaxSize(3) @ValidateNested({ each: true }) @Type(() => StepTextForm) templates!: StepTextForm[];
}

/** The page: boxes for three texts. */
export class StepPageForm {
  @IsIn(['none', 'before', 'after']) when!: 'none' | 'before' | 'after';

  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(MOST_HOURS) hours = 24;

  @OrLeftOut() @Transform(asList) @IsArray() @IsString({ each: true }) outcomes: string[] = [];

  @IsOptional() @IsString() templateA?: string;

  @IsOptional() @IsString() templateB?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(98) percentB?: number;

  @IsOptional() @IsString() templateC?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(98) percentC?: number;

  @IsOptional() @Type(() => Number) @IsInt() version?: number;
}

/** @throws DomainError `step_template_missing`, `step_percent_missing`, `step_outcomes_missing`, `step_lead_missing`, `step_percent_too_much`, `step_template_twice` */
export function stepOf(form: StepPageForm): SmsStep | null {
  if (form.when === 'none') return null;
  if (!form.templateA) throw new DomainError('step_template_missing', { param: 'templateA' });
  const others = (['B', 'C'] as const).flatMap((key) => {
    const [code, percent] = [form[`template${key}`], form[`percent${key}`]];
    if (!code) return [];
    if (!percent) throw new DomainError('step_percent_missing', { param: `percent${key}`, params: { key } });
    return [{ code, percent }];
  });
  return checkedStep({
    when: form.when,
    hours: form.hours,
    outcomes: form.when === 'after' ? form.outcomes : [],
    templates: [{ code: form.templateA }, ...others],
  });
}

/** What holds for any step, from a page or a program. @throws DomainError see {@link stepOf} */
export function checkedStep(step: SmsStep): SmsStep {
  if (step.when === 'after' && step.outcomes.length === 0) throw new DomainError('step_outcomes_missing', { param: 'outcomes' });
  if (step.when === 'before' && step.hours < 1) throw new DomainError('step_lead_missing', { param: 'hours' });
  const [first, ...others] = step.templates;
  const percent = others.reduce((sum, one) => sum + (one.percent ?? 0), 0);
  if (others.some((one) => !one.percent)) throw new DomainError('step_percent_missing', { param: 'percentB', params: { key: 'B' } });
  if (percent > 99) throw new DomainError('step_percent_too_much', { param: 'percentB', params: { percent } });
  if (new Set(step.templates.map(({ code }) => code)).size < step.templates.length)
    throw new DomainError('step_template_twice', { param: 'templateB' });
  return {
    when: step.when,
    hours: step.hours,
    outcomes: step.when === 'after' ? [...new Set(step.outcomes)] : [],
    templates: [{ code: first?.code ?? '' }, ...others.map(({ code, percent: share }) => ({ code, percent: share ?? 1 }))],
  };
}
