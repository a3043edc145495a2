import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Rule {
  name: string;
}
interface Violation {
  rule: Rule;
  from: string;
}
interface Outcome {
  summary: { violations: Violation[]; totalCruised: number };
}

const root = process.cwd();
const config = '.dependency-cruiser.cjs';
const { forbidden } = jest.requireActual<{ forbidden: Rule[] }>(join(root, config));

/** One file per fault, so that none hides another. What they import exists as an empty file. */
const FAULTS: Record<string, Record<string, string>> = {
  'graph-platform': { 'src/platform/http/fault.ts': "import '../../calls/calls.queries.js';" },
  'graph-staff': { 'src/staff/fault.ts': "import '../calls/calls.queries.js';" },
  'graph-exports': { 'src/exports/fault.ts': "import '../customers/customers.queries.js';" },
  'graph-feeds': { 'src/feeds/fault.ts': "import '../customers/customers.queries.js';" },
  'graph-people': { 'src/people/fault.ts': "import '../customers/customers.queries.js';" },
  'graph-calendar': { 'src/calendar/fault.ts': "import '../customers/customers.queries.js';" },
  'graph-offers': { 'src/offers/fault.ts': "import '../customers/customers.queries.js';" },
  'graph-customers': { 'src/customers/fault.ts': "import '../contact/contact.queries.js';" },
  'graph-contact': { 'src/contact/fault.ts': "import '../calls/calls.queries.js';" },
  'graph-segments': { 'src/segments/fault.ts': "import '../campaigns/campaigns.queries.js';" },
  'graph-campaigns': { 'src/campaigns/fault.ts': "import '../calls/calls.queries.js';" },
  'graph-calls': { 'src/calls/fault.ts': "import '../messaging/messaging.queries.js';" },
  'graph-messaging': { 'src/messaging/fault.ts': "import '../care/care.queries.js';" },
  'graph-care': { 'src/care/fault.ts': "import '../tickets/tickets.queries.js';" },
  'graph-tickets': { 'src/tickets/fault.ts': "import '../retention/retention.queries.js';" },
  'graph-retention': { 'src/retention/fault.ts': "import '../quality/quality.queries.js';" },
  'graph-quality': { 'src/quality/fault.ts': "import '../campaigns/campaigns.queries.js';" },
  'graph-reports': { 'src/reports/fault.ts': "import '../calls/calls.queries.js';" },
  'graph-webhooks': { 'src/webhooks/fault.ts': "import '../care/care.queries.js';" },
  'no-circular': { 'src/calls/one.ts': "import './two.js';", 'src/calls/two.ts': "import type { x } from './one.js';\nexport type Y = typeof x;" },
  'only-public-files': {
    'src/calls/reader.ts': "import '../customers/customers.policy.js';",
    'src/customers/customers.policy.ts': 'export const p = 1;',
  },
  'only-public-files-at-the-top': {
    'src/app.module.ts': "import './customers/customers.service.js';",
    'src/customers/customers.service.ts': 'export const s = 1;',
  },
  'kernel-imports-nothing': { 'src/kernel/clocks.ts': "import 'node:fs';" },
  'pure-files-stay-pure': { 'src/calls/claim.policy.ts': "import './calls.queries.js';" },
  'no-sql-in-controllers': { 'src/calls/desk.pages.controller.ts': "import '../platform/database/sql.js';" },
  'views-read-no-database': { 'src/calls/desk.views.ts': "import '../platform/database/sql.js';" },
  'queries-return-rows': { 'src/calls/task.queries.ts': "import './task.entity.js';", 'src/calls/task.entity.ts': 'export class Task {}' },
  'product-needs-no-test-code': { 'src/calls/probe.ts': "import '../../test/probe.js';", 'test/probe.ts': 'export {};' },
  'product-needs-no-dev-packages': { 'src/calls/generator.ts': "import 'fast-check';" },
  'unknown-folder-imports': { 'src/billing/invoice.ts': "import '../kernel/day.js';" },
  'unknown-folder-imported': { 'src/calls/invoicing.ts': "import '../accounts/ledger.js';", 'src/accounts/ledger.ts': 'export {};' },
  'unknown-folder-alone': { 'src/loyalty/points.ts': 'export const points = 1;' },
  'vague-name-imports': { 'src/calls/index.ts': "export * from './calls.queries.js';" },
  'vague-name-imported': { 'src/calls/formatter.ts': "import './utils/text.js';", 'src/calls/utils/text.ts': 'export {};' },
  'vague-name-alone': { 'src/calls/helpers.ts': 'export const help = 1;' },
};

const MODULES =
  'staff feeds calendar offers customers contact segments campaigns calls messaging care tickets retention quality reports webhooks demo'.split(' ');
const CLEAN: Record<string, string> = {
  'src/kernel/day.ts': 'export type Day = string;',
  'src/platform/database/sql.ts': 'export const sql = 1;',
  'src/calls/allowed.policy.ts': "import type { Day } from '../kernel/day.js';\nexport type D = Day;",
  'src/calls/allowed.commands.ts': "import '../platform/database/sql.js';\nimport '../contact/contact.queries.js';",
  ...Object.fromEntries(MODULES.map((name) => [`src/${name}/${name}.queries.ts`, 'export {};'])),
};

function cruise(folder: string): Outcome {
  const program = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [program, 'src', '--config', config, '--output-type', 'json'];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, maxBuffer: 64e6, encoding: 'utf8' })) as Outcome;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Outcome; // it exits with the number of violations
  }
}

describe('The table of modules', () => {
  let folder: string;
  let found: Violation[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'starcare-boundaries-'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const name of [config, 'tsconfig.json', 'package.json']) cpSync(join(root, name), join(folder, name));
    for (const files of [CLEAN, ...Object.values(FAULTS)]) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), `${text}\n`);
      }
    }
    found = cruise(folder).summary.violations;
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has a seeded fault for each of its rules', () => {
    expect(Object.keys(FAULTS).sort()).toEqual(forbidden.map((rule) => rule.name).sort());
  });

  it.each(Object.entries(FAULTS))('catches a fault against %s', (name, files) => {
    const caught = found.filter((violation) => violation.rule.name === name).map((violation) => violation.from);
    expect(Object.keys(files).filter((file) => caught.includes(file))).not.toEqual([]);
  });

  it('lets through what it allows', () => {
    expect(found.filter((violation) => violation.from in CLEAN)).toEqual([]);
  });

  it('is kept by the product', () => {
    const { violations } = cruise(root).summary;
    expect(violations.map(({ rule, from }) => `${from}: ${rule.name}`)).toEqual([]);
  }, 120_000);
});
