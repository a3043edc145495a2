import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { sentence } from '../../platform/http/problem.js';
import { Catalogue, type Locale } from '../../platform/i18n/catalogue.js';
import type { Campaign } from '../campaigns.types.js';
import { progressOf } from './building.policy.js';
import { BuildingQueries } from './building.queries.js';

@Injectable()
export class BuildingViews {
  constructor(
    private readonly queries: BuildingQueries,
    private readonly clock: Clock,
    private readonly catalogue: Catalogue,
  ) {}

  /** Undefined: there is nothing to say about its launch, or not any more. */
  async of(campaign: Campaign, locale: Locale) {
    const facts = await this.queries.of(campaign.id);
    if (!facts) return undefined;
    const view = progressOf(facts, this.clock.now(), await this.queries.speed());
    if (view.stage === 'done' || (view.stage === 'failed' && campaign.state !== 'draft')) return undefined;
    return {
      ...view,
      live: view.stage !== 'failed',
      customers: facts.customers,
      error: facts.reason && sentence(this.catalogue, locale, facts.reason, facts.params),
    };
  }
}
