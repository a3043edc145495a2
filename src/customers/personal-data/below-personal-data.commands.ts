import { Injectable } from '@nestjs/common';
import { forgetFilters } from '../../exports/exports-forgetting.commands.js';
import { forgetRejects, forgetSamples, rejectsMentioning } from '../../feeds/feeds-forgetting.commands.js';
import type { Queryable, Tx } from '../../platform/database/database.js';
import { forgetAnswers } from '../../platform/http/kept-answers.js';
import { HoldsPersonalData, type Person, type PersonalDataHolder } from './personal-data.types.js';
import { traceOf } from './trace.policy.js';

/** What modules below this one keep that may name a person without knowing it: rows an import refused or shows as samples, filters of exports, answers kept for repetitions. */
@Injectable()
@HoldsPersonalData()
export class BelowPersonalData implements PersonalDataHolder {
  readonly section = 'files';

  async export(person: Person, on: Queryable): Promise<Record<string, unknown>> {
    return { refusedRows: await rejectsMentioning(on, traceOf(person)) };
  }

  async erase(tx: Tx, person: Person): Promise<Record<string, number>> {
    const trace = traceOf(person);
    return {
      'feeds.reject_pack': await forgetRejects(tx, trace),
      'feeds.import': await forgetSamples(tx, trace),
      'exports.export': await forgetFilters(tx, trace),
      'platform.idempotency': await forgetAnswers(tx, trace),
    };
  }
}
