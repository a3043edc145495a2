import fc from 'fast-check';
import { readValue } from '../../src/customers/profile/profile-values.policy.js';
import { sql } from '../../src/platform/database/sql.js';
import { drainJobs } from '../support/drain-jobs.js';
import { empty } from '../support/empty.js';
import { createHouse, type House } from '../support/house.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const digits = fc.integer({ min: 0, max: 4 }).map((n) => `1390013900${n}`);
const spelled = fc.tuple(digits, fc.constantFrom('', '+86 ', '86')).map(([number, prefix]) => `${prefix}${number}`);
const entry = fc.tuple(fc.constantFrom('王芳', '陈父 父亲', ''), spelled).map(([who, number]) => `${who} ${number}`);

describe('R26 second contacts', () => {
  it('whatever is typed, a number stands once, and reading again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), (typed) => {
        const kept = readValue('contacts', typed.join('; '));
        const wanted = new Set(typed.map((one) => one.slice(-11)));
        if (wanted.size > 3) return expect(kept).toBeNull();
        const numbers = kept?.match(/\+\d+/g) ?? [];
        expect(new Set(numbers)).toEqual(new Set([...wanted].map((number) => `+86${number}`)));
        expect(numbers).toHaveLength(wanted.size);
        expect(readValue('contacts', kept ?? '')).toBe(kept);
      }),
    );
  });
});

const row = fc.record({
  phone: fc.integer({ min: 0, max: 5 }).map((n) => `1390000000${n}`),
  customerNo: fc.constantFrom('A', 'B', ''),
  kind: fc.constantFrom('主卡', '副卡', '第二卡', '宽带', '其他'),
  status: fc.constantFrom('正常', '停机', '离网'),
});

describe('R26 the lines of a customer', () => {
  let test: TestApp;
  let house: House;
  beforeAll(async () => {
    test = await createTestApp();
    house = await createHouse(test);
  });
  afterAll(() => test.close());

  it('whatever files come, a number belongs to one customer, and a customer with lines is reached on exactly one of them', async () => {
    const planner = await house('planner-e');
    let files = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(row, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }), async (uploads) => {
        await empty(test.db, 'customers.customer');
        for (const rows of uploads) {
          files += 1;
          const text = rows.map(({ phone, customerNo, kind, status }) => `${phone},${customerNo},${kind},${status},套餐${files}`).join('\n');
          await planner.upload('/imports?feed=customers', `phone,customer_no,line_kind,status,package\n${text}\n`);
          await drainJobs(test.app);
        }
        const { lines, numbers, owners, primaries, strangers } = await test.db.one<Record<string, number>>(sql`
          select (select count(*)::int from customers.line) as lines, (select count(distinct number)::int from customers.line) as numbers,
                 (select count(distinct customer_id)::int from customers.line) as owners, (select count(*)::int from customers.v_contact_line) as primaries,
                 (select count(*)::int from customers.v_contact_line k join customers.line l on l.id = k.line_id where l.customer_id <> k.customer_id) as strangers`);
        expect({ lines, primaries, strangers }).toEqual({ lines: numbers, primaries: owners, strangers: 0 });
        expect(numbers).toBe(new Set(uploads.flat().map(({ phone }) => phone)).size);
      }),
      { numRuns: 12 },
    );
  });
});
