import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MessageWords, StepWords } from '../../campaigns/step-words.types.js';
import type { Queryable } from '../../platform/database/database.js';
import { BlastRuleQueries } from '../figures/blast-rule.queries.js';
import { neededFor } from './approval.policy.js';

/** The texts of a campaign go out under its own approval, above the same numbers as a blast (SMS-3). */
@Injectable()
export class StepsNeedWords extends MessageWords implements OnModuleInit {
  constructor(
    private readonly rules: BlastRuleQueries,
    private readonly steps: StepWords,
  ) {
    super();
  }

  onModuleInit(): void {
    this.steps.register(this);
  }

  async neededFor(people: number, on: Queryable): Promise<boolean> {
    return neededFor(await this.rules.current(on), people).length > 0;
  }
}
