import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Gathered } from '../../platform/process/gathered.js';
import { Database } from '../../platform/database/database.js';
import { ClaimQueries, type NextAsk } from './claim.queries.js';
import { type Claimed, Leases, type Wish } from './leases.commands.js';

/** People served in one transaction: a commit and a plan are shared, and nobody waits for more than these. */
const PEOPLE_A_ROUND = 50;
/** One works while others wait for the database or for their commit; more would only wait for each other. */
const ROUNDS_AT_ONCE = 3;

/**
 * Gives people their next task. At the start of a shift a thousand press within a second: who presses while others are served is served with the
 * next round, one transaction for all of it. Each person has one candidate a round, so nobody holds two customers of the gate at once.
 */
@Injectable()
export class ClaimRounds {
  private readonly presses = new Gathered<NextAsk, Claimed>({
    answer: (asks) => this.serve(asks),
    keyOf: (ask) => ask.userId,
    most: PEOPLE_A_ROUND,
    atOnce: ROUNDS_AT_ONCE,
  });

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly claims: ClaimQueries,
    private readonly leases: Leases,
  ) {}

  /** The held task, the next that the gate allows, the next with the gate's refusal, or undefined when nobody is next. */
  next(ask: NextAsk): Promise<Claimed> {
    return this.presses.ask(ask);
  }

  private serve(asks: readonly NextAsk[]): Promise<Map<NextAsk, Claimed>> {
    const now = this.clock.now();
    const byPerson = new Map(asks.map((ask) => [ask.userId, ask]));
    return this.db.tx(async (tx) => {
      await this.claims.lockPeople(tx, [...byPerson.keys()]);
      const found = await this.claims.next(tx, asks, now);
      const wishes = found.filter(({ held }) => !held).map(({ userId, ...candidate }): Wish => ({ userId, candidate }));
      const judged = firstOfEachCustomer(wishes);
      const claimed = await this.leases.ask(tx, judged, now);
      const answers = new Map<string, Claimed>(asks.map(({ userId }) => [userId, undefined]));
      for (const { userId, id } of found) answers.set(userId, { taskId: id });
      // whose customer another one of the round is being given asks again, as if they had come a moment later
      for (const { userId } of wishes) answers.delete(userId);
      judged.forEach(({ userId }, i) => answers.set(userId, claimed[i]));
      return new Map(asks.filter(({ userId }) => answers.has(userId)).map((ask) => [ask, answers.get(ask.userId)]));
    });
  }
}

/** A customer may stand on the lists of two people, with a task on each. */
function firstOfEachCustomer(wishes: readonly Wish[]): Wish[] {
  const taken = new Set<string>();
  return wishes.filter(({ candidate: { customerId } }) => {
    if (taken.has(customerId)) return false;
    taken.add(customerId);
    return true;
  });
}
