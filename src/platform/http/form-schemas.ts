import type { ModulesContainer } from '@nestjs/core';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';

type Schema = Record<string, unknown>;

/** What one rule says about a field, in the words of JSON Schema. */
const RULES: Record<string, (args: unknown[]) => Schema> = {
  isString: () => ({ type: 'string' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isBoolean: () => ({ type: 'boolean' }),
  isArray: () => ({ type: 'array' }),
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

/** The form that a nested field, or each item of a nested list, is read into. */
const nestedForm = (form: Form, field: string): Form | undefined => {
  const declared = declaredType(form, field);
  if (declared !== Array) return declared as Form;
  return defaultMetadataStorage.findTypeMetadata(form, field)?.typeFunction() as Form | undefined;
};

function nestedSchema(form: Form, field: string): Schema {
  const type = nestedForm(form, field);
  return declaredType(form, field) === Array ? (type ? { type, isArray: true } : {}) : { type };
}

function schemaOf(form: Form, field: string, rules: ValidationMetadata[]): ApiPropertyOptions {
  const schema: Schema = { required: true, type: 'string' };
  for (const rule of rules) {
    if (rule.type === 'conditionalValidation') schema.required = false;
    if (rule.type === 'nestedValidation') Object.assign(schema, nestedSchema(form, field));
    const said = rule.name ? RULES[rule.name]?.(rule.constraints) : undefined;
    if (rule.each) Object.assign(schema, { type: 'array', items: { ...(schema.items as Schema | undefined), ...said } });
    else if (!('isArray' in schema)) Object.assign(schema, said);
  }
  if (schema.type === 'array') schema.items ??= {};
  // taken, whatever it is, and looked at by nobody
  if (rules.every(({ type }) => type === 'whitelistValidation')) schema.required = false;
  return schema;
}

/** @throws Error when two forms share a name: one would stand for both in the document */
function describe(form: Form, done: Set<unknown>): void {
  if (done.has(form)) return;
  for (const other of done) if (typeof other === 'function' && other.name === form.name) throw new Error(`two forms are called ${form.name}`);
  done.add(form);
  const storage = getMetadataStorage();
  const fields = storage.groupByPropertyName(storage.getTargetValidationMetadatas(form, '', false, false));
  for (const [field, rules] of Object.entries(fields)) {
    if (rules.some((rule) => rule.type === 'nestedValidation')) describe(nestedForm(form, field) ?? Object, done);
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
