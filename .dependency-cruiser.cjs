'use strict';

/** docs/adr: the graph. Who may import whom, besides kernel and platform. Every rule below is derived from this table. */
const GRAPH = {
  staff: [],
  exports: ['staff'],
  feeds: ['staff', 'exports'],
  people: ['staff', 'feeds'],
  calendar: ['staff'],
  offers: ['staff', 'feeds'],
  customers: ['staff', 'exports', 'feeds'],
  contact: ['staff', 'exports', 'calendar', 'customers', 'feeds'],
  segments: ['staff', 'exports', 'customers', 'contact', 'feeds'],
  campaigns: ['staff', 'exports', 'calendar', 'customers', 'contact', 'segments'],
  calls: ['staff', 'exports', 'calendar', 'customers', 'contact', 'segments', 'campaigns', 'offers', 'feeds'],
  messaging: ['staff', 'exports', 'calendar', 'customers', 'contact', 'segments', 'campaigns', 'calls'],
  care: ['staff', 'exports', 'calendar', 'customers', 'contact', 'segments', 'campaigns', 'calls', 'messaging', 'offers', 'feeds'],
  tickets: ['staff', 'exports', 'calendar', 'customers', 'contact', 'calls', 'care'],
  retention: ['staff', 'exports', 'calendar', 'customers', 'contact', 'segments', 'campaigns', 'calls', 'care', 'tickets', 'offers', 'feeds'],
  quality: ['staff', 'exports', 'calls', 'tickets'],
  reports: ['staff', 'exports', 'calendar'],
  webhooks: ['staff', 'calls', 'messaging', 'tickets'],
};
const MODULES = Object.keys(GRAPH);
GRAPH.demo = [...MODULES];
GRAPH.platform = [];

const PUBLIC = '\\.(module|queries|commands|events|types)\\.ts$';
const PURE = '\\.(policy|rule|states)\\.ts$';
/** Packages that only compute: an id made from a time, a calendar of solar terms, a parser of templates, a dictionary of readings. */
const PURE_PACKAGES = '(^|/)node_modules/(uuid|tyme4ts|handlebars|pinyin-pro)/';
/** The tag that keeps text and values of a statement apart: a value like any other, so that a rule can state itself as SQL too. */
const SQL_TAG = '^src/platform/database/sql\\.ts$';
const FOLDERS = [...Object.keys(GRAPH), 'kernel'];
const anyOf = (names) => `(${names.join('|')})`;

const graphRules = Object.entries(GRAPH)
  .map(([name, allowed]) => ({ name, forbidden: FOLDERS.filter((f) => ![name, 'kernel', 'platform', ...allowed].includes(f)) }))
  .filter(({ forbidden }) => forbidden.length > 0)
  .map(({ name, forbidden }) => ({
    name: `graph-${name}`,
    comment: `${name} may import ${['kernel', 'platform', ...GRAPH[name]].join(', ')}: calls go down the graph, events go up`,
    severity: 'error',
    from: { path: `^src/${name}/` },
    to: { path: `^src/${anyOf(forbidden)}/` },
  }));

/** A file that must not exist: dependency-cruiser sees it by what it imports, by who imports it, or as an orphan. */
const banned = (name, comment, path) => [
  { name: `${name}-imports`, comment, severity: 'error', from: { path }, to: {} },
  { name: `${name}-imported`, comment, severity: 'error', from: {}, to: { path, pathNot: '(^|/)node_modules/' } },
  { name: `${name}-alone`, comment, severity: 'error', from: { path, orphan: true }, to: {} },
];

module.exports = {
  forbidden: [
    ...graphRules,
    { name: 'no-circular', comment: 'no cycles, type imports included', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-public-files',
      comment: 'from outside a module only its module, queries, commands, events and types',
      severity: 'error',
      from: { path: `^src/(${FOLDERS.join('|')})/` },
      to: { path: `^src/${anyOf([...MODULES, 'demo'])}/`, pathNot: ['^src/$1/', PUBLIC] },
    },
    {
      name: 'only-public-files-at-the-top',
      comment: 'main.ts and app.module.ts are outside every module too',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: `^src/${anyOf([...MODULES, 'demo'])}/`, pathNot: [PUBLIC] },
    },
    {
      name: 'kernel-imports-nothing',
      comment: 'the kernel is pure values: no other folder, no I/O, no framework',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^src/kernel/', PURE_PACKAGES] },
    },
    {
      name: 'pure-files-stay-pure',
      comment: 'a policy, rule or transition table takes facts and a time: it imports the kernel and pure files of its own module',
      severity: 'error',
      from: { path: `^src/([^/]+)/[^.]+${PURE}` },
      to: { pathNot: ['^src/kernel/', PURE_PACKAGES, SQL_TAG, '^src/$1/[^.]+\\.(types|policy|rule|states)\\.ts$'] },
    },
    {
      name: 'no-sql-in-controllers',
      comment: 'a controller turns a request into a query or a command; SQL lives there',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: ['^src/platform/database/', '(^|/)node_modules/(pg|typeorm|@nestjs/typeorm)/'] },
    },
    {
      name: 'views-read-no-database',
      comment: 'views turn rows into strings',
      severity: 'error',
      from: { path: '\\.views\\.ts$' },
      to: { path: ['^src/platform/database/', '(^|/)node_modules/(pg|typeorm|@nestjs/typeorm)/'] },
    },
    {
      name: 'queries-return-rows',
      comment: 'queries return plain typed rows, never entities',
      severity: 'error',
      from: { path: '\\.queries\\.ts$' },
      to: { path: '\\.entity\\.ts$' },
    },
    {
      name: 'product-needs-no-test-code',
      comment: 'src runs without tests and benchmarks',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: ['^(test|bench|scripts)/', '\\.spec\\.ts$'] },
    },
    {
      name: 'product-needs-no-dev-packages',
      comment: 'what src imports stands under dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    ...banned('unknown-folder', 'a folder of src must stand in the table', `^src/(?!${anyOf(FOLDERS)}/)[^/]+/`),
    ...banned(
      'vague-name',
      'folders and files are named after what they hold: no barrels, no utils, helpers, common, shared, base',
      '/(index\\.ts|utils?|utils?\\.ts|helpers?|helpers?\\.ts|common|common\\.ts|shared|shared\\.ts|base|base\\.ts)(/|$)',
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    combinedDependencies: false,
  },
};
