import { Module, type OnModuleInit } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { Clock } from '../kernel/clock.js';
import { Chrome } from '../platform/http/chrome.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { BlocksCommands } from './blocks/blocks.commands.js';
import { BlocksExport } from './blocks/blocks.exports.js';
import { BlocksFeed } from './blocks/blocks.feeds.js';
import { BlocksPagesController } from './blocks/blocks.pages.controller.js';
import { LineBlocksApiController } from './blocks/line-blocks.api.controller.js';
import { LineBlocksPagesController } from './blocks/line-blocks.pages.controller.js';
import { BlocksQueries } from './blocks/blocks.queries.js';
import { DecisionsApiController } from './ledger/decisions.api.controller.js';
import { BlocksApiController } from './blocks/blocks.api.controller.js';
import { ContactCommands } from './contact.commands.js';
import { ContactSets } from './contact-sets.commands.js';
import { ContactJobs } from './contact.jobs.js';
import { DecisionsPagesController } from './ledger/decisions.pages.controller.js';
import { ContactPersonalData } from './contact-personal-data.commands.js';
import { ContactQueries } from './contact.queries.js';
import { windowNote } from './contact.views.js';
import { DecisionsQueries } from './ledger/decisions.queries.js';
import { ForeignApiController } from './foreign/foreign.api.controller.js';
import { ForeignReferences } from './foreign/foreign-references.commands.js';
import { ForeignTouchesCommands } from './foreign/foreign-touches.commands.js';
import { GateFigures } from './gate-figures.js';
import { GateContextQueries } from './gate/gate-context.queries.js';
import { GateRulesApiController } from './settings/gate-rules.api.controller.js';
import { GateRulesPagesController } from './settings/gate-rules.pages.controller.js';
import { GateSettingsCommands } from './settings/gate-settings.commands.js';
import { GateSettingsQueries } from './settings/gate-settings.queries.js';
import { TestTouches } from './gate/test-touches.commands.js';
import { Ledger } from './ledger/ledger.commands.js';
import { MergedCommands } from './merged.commands.js';
import { NamedCampaigns } from './named-campaigns.queries.js';
import { ProtectionsCommands } from './foreign/protections.commands.js';

/** The gate: consent, do-not-contact, quiet hours, caps, and the ledger of every touch. */
@Module({
  imports: [CalendarModule, CustomersModule],
  controllers: [
    BlocksApiController,
    DecisionsApiController,
    ForeignApiController,
    DecisionsPagesController,
    BlocksPagesController,
    LineBlocksApiController,
    LineBlocksPagesController,
    GateRulesPagesController,
    GateRulesApiController,
  ],
  providers: [
    BlocksCommands,
    BlocksExport,
    BlocksFeed,
    BlocksQueries,
    ContactCommands,
    ContactPersonalData,
    ContactJobs,
    ContactQueries,
    ContactSets,
    DecisionsQueries,
    ForeignReferences,
    ForeignTouchesCommands,
    GateContextQueries,
    GateFigures,
    GateSettingsCommands,
    GateSettingsQueries,
    Ledger,
    MergedCommands,
    NamedCampaigns,
    ProtectionsCommands,
    TestTouches,
  ],
  exports: [TestTouches, ContactCommands, ContactQueries, ContactSets, GateSettingsCommands, MergedCommands],
})
export class ContactModule implements OnModuleInit {
  constructor(
    private readonly settings: GateSettingsCommands,
    private readonly contact: ContactQueries,
    private readonly jobs: ContactJobs,
    private readonly clock: Clock,
    private readonly chrome: Chrome,
    private readonly catalogue: Catalogue,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.settings.ensureDefaults();
    await this.jobs.ensureMonths(this.clock.now());
    this.showWindow();
  }

  /** The top bar says whether calls may go out right now. */
  private showWindow(): void {
    this.chrome.add(({ viewer, locale, now }) => {
      if (!viewer) return Promise.resolve({});
      const state = this.contact.windowState(now);
      const { key, params } = windowNote(state, now);
      return Promise.resolve({ window: { open: state.open, text: this.catalogue.t(locale, key, params) } });
    });
  }
}
