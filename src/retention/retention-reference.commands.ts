import { Injectable } from '@nestjs/common';
import { CampaignsCommands } from '../campaigns/campaigns.commands.js';
import { Database } from '../platform/database/database.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { RETENTION } from './cases/case-tasks.commands.js';

/** What every installation has from the first start on: the standing campaign of retention calls. Sources, reasons and strategies come with the tables. */
@Injectable()
export class RetentionReference {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignsCommands,
    private readonly catalogue: Catalogue,
  ) {}

  async ensure(): Promise<void> {
    const name = this.catalogue.t('zh', 'retention.campaign');
    await this.database.tx((tx) => this.campaigns.ensureStanding(tx, { code: RETENTION, name, kind: 'retention' }));
  }
}
