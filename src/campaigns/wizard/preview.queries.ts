import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { dayOf } from '../../kernel/day.js';
import { AudienceQueries } from '../audience.queries.js';
import { BuildingQueries } from '../building/building.queries.js';
import type { Campaign } from '../campaigns.types.js';
import { audienceView } from '../campaigns.views.js';
import { Estimates } from './estimates.queries.js';

export type Preview = Awaited<ReturnType<Previews['of']>>;
/** Over so many customers the figures take their time: the page is there before them. */
export interface LaterPreview {
  customers: number;
}

/** Who would be called, who not and why, and how long it takes. */
@Injectable()
export class Previews {
  constructor(
    private readonly clock: Clock,
    private readonly audience: AudienceQueries,
    private readonly building: BuildingQueries,
    private readonly estimates: Estimates,
  ) {}

  async of(source: Campaign) {
    const { first, ...audience } = await this.audience.previewByOwner(source, this.today());
    return { ...audienceView(audience.count), ...(await this.estimates.of(source, first, audience)) };
  }

  /** The figures, unless they take long and nobody asked for them in so many words. */
  async soon(source: Campaign, asked: boolean): Promise<{ result?: Preview; later?: LaterPreview }> {
    const customers = asked ? undefined : await this.building.many(source, this.today());
    return customers === undefined ? { result: await this.of(source) } : { later: { customers } };
  }

  private today(): string {
    return dayOf(this.clock.now());
  }
}
