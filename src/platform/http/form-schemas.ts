import type { ModulesContainer } from '@nestjs/core';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';

type Schema = Record<string, unknown>;

/** What one rule says about a field, in the words of JSON Schema. */
const RULES: Record<string, (args: unknown[]) => Schema> = {
  isString: () => ({ type: 'string' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isBoolean: () => ({ type: 'boolean' }),
  isArray: () => ({ type: 'array', items: {} }),
  isObject: () => ({ type: 'object', additionalProperties: true }),
  isIn: ([values]) => ({ type: 'string', enum: [...(values as unknown[])] }),
  isLength: ([minLength, maxLength]) => ({ type: 'string', minLength, maxLength }),
  minLength: ([minLength]) => ({ type: 'string', minLength }),
  maxLength: ([maxLength]) => ({ type: 'string', maxLength }),
  min: ([minimum]) => ({ minimum }),
  max: ([maximum]) => ({ maximum }),
  matches: ([pattern]) => ({ type: 'string', pattern: pattern instanceof RegExp ? pattern.source : undefined }),
  isIso8601: () => ({ type: 'string', format: 'date-time' }),
  isDateString: () => ({ type: 'string', format: 'date-time' }),
  isUrl: () => ({ type: 'string', format: 'uri' }),
};

type Form = new () => object;

/** The type a nested form or a plain field was declared with. */
const declaredType = (form: Form, field: string): unknown => Reflect.getMetadata('design:type', form.prototype as object, field);

function schemaOf(form: Form, field: string, rules: ValidationMetadata[]): ApiPropertyOptions {
  const schema: Schema = { required: true, type: 'string' };
  for (const rule of rules) {
    if (rule.type === 'conditionalValidation') schema.required = false;
    if (rule.type === 'nestedValidation' && declaredType(form, field) !== Array) schema.type = declaredType(form, field);
    Object.assign(schema, rule.name ? RULES[rule.name]?.(rule.constraints) : undefined);
  }
  return schema;
}

function describe(form: Form, done: Set<unknown>): void {
  if (done.has(form)) return;
  done.add(form);
  const storage = getMetadataStorage();
  const fields = storage.groupByPropertyName(storage.getTargetValidationMetadatas(form, '', false, false));
  for (const [field, rules] of Object.entries(fields)) {
    if (rules.some((rule) => rule.type === 'nestedValidation')) describe(declaredType(form, field) as Form, done);
    ApiProperty(schemaOf(form, field, rules))(form.prototype as object, field);
  }
}

/** The types a controller's methods take, classes and all. */
function parameterTypes(controller: Form): unknown[] {
  const prototype = controller.prototype as object;
  return Object.getOwnPropertyNames(prototype).flatMap((method) => (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as unknown[]);
}

/** Describes every form a controller takes to the API document, by the rules that check it: the two cannot differ. */
export function describeForms(modules: ModulesContainer): void {
  const done = new Set<unknown>([String, Number, Boolean, Object, Array, undefined]);
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  for (const type of controllers.flatMap(({ metatype }) => parameterTypes(metatype as Form)))
    if (typeof type === 'function') describe(type as Form, done);
}
