import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CurrentUser } from '../../staff/staff.types.js';
import { isOwn } from '../home-unit.js';
import type { Blast } from '../messaging.types.js';
import { TestNumbersQueries } from './test-numbers.queries.js';
import { type TestState, TestSendsQueries } from './test-sends.queries.js';

const SHOWN = 8;
const CHIPS: Readonly<Record<TestState, string>> = {
  sending: '',
  accepted: 'info',
  delivered: 'ok',
  rejected: 'bad',
  undelivered: 'bad',
  throttled: 'warn',
  not_sent: 'bad',
  expired: 'warn',
  unknown: 'care',
};

/** The box for tests on the page of a draft. */
@Injectable()
export class TestPanel {
  constructor(
    private readonly numbers: TestNumbersQueries,
    private readonly sends: TestSendsQueries,
  ) {}

  async of(user: CurrentUser, blast: Blast): Promise<object> {
    const [numbers, rows] = await Promise.all([this.numbers.list(user), this.sends.ofBlast(blast.id, SHOWN)]);
    const mayTest = ['planner', 'admin'].includes(user.role) && isOwn(user, blast);
    // one word a rendering of the page: the same page sends once, however often its button is pressed
    return { numbers, rows: rows.map((row) => ({ ...row, chip: CHIPS[row.state] })), mayTest, press: randomUUID() };
  }
}
