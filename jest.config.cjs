'use strict';
const path = require('node:path');
const memoryFolder = require('./test/support/memory-folder.cjs');

const cacheDirectory = path.join(__dirname, 'node_modules', '.cache', 'jest');
process.env.TMPDIR = memoryFolder();

const swc = [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
  },
];

const plain = {
  rootDir: __dirname,
  cacheDirectory,
  testEnvironment: '<rootDir>/test/support/tidy-environment.cjs',
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/\\.data'],
};

/** Projects that need PostgreSQL: one server and one migrated template for all of them. */
const fresh = {
  ...plain,
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.cjs'],
};

const database = { ...fresh, runtime: '<rootDir>/test/support/warm-runtime.cjs' };
/** They declare jobs of their own, which the product must not meet. */
const OWN_JOBS = ['job-wiring', 'jobs-contract', 'schedules-and-events'].map((name) => `<rootDir>/test/e2e/platform/${name}.e2e-spec.ts`);

module.exports = {
  cacheDirectory,
  maxWorkers: 2,
  workerIdleMemoryLimit: '2GB',
  testSequencer: '<rootDir>/test/support/long-first.cjs',
  projects: [
    { ...plain, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/unit/**/*.spec.ts'] },
    { ...plain, displayName: 'boundaries', testMatch: ['<rootDir>/test/boundaries/**/*.spec.ts'] },
    { ...database, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'], testPathIgnorePatterns: OWN_JOBS },
    { ...fresh, displayName: 'jobs', testMatch: OWN_JOBS },
    { ...database, displayName: 'property', testMatch: ['<rootDir>/test/properties/**/*.spec.ts'] },
    { ...database, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.spec.ts'] },
    {
      ...database,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.spec.ts'],
      // minutes by itself: with `npm run faults`
      testPathIgnorePatterns: process.env.FAULTS === 'all' ? [] : ['province'],
    },
  ],
};
