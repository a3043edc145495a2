import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { CareModule } from '../care/care.module.js';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { Clock, SystemClock } from '../kernel/clock.js';
import { Chrome } from '../platform/http/chrome.js';
import { Catalogue } from '../platform/i18n/catalogue.js';
import { RetentionModule } from '../retention/retention.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { EveryMinute } from '../platform/jobs/job-handler.js';
import { monthDayText, timeText, weekdayText } from '../platform/views/formats.js';
import { DemoLogins } from '../staff/staff.types.js';
import { DemoChurn } from './demo-churn.commands.js';
import { DemoClockCommands } from './demo-clock.commands.js';
import { isShifted } from './demo-clock.policy.js';
import { DemoMessages } from './demo-messages.commands.js';
import { DemoWorkCommands } from './demo-work.commands.js';
import { DemoCommands } from './demo.commands.js';
import { DEMO_PASSWORD, PEOPLE } from './province.js';
import { dayOf } from '../kernel/day.js';

/** Says on every page that this is the demo, and what its clock shows. */
@Injectable()
class DemoFrame implements OnModuleInit {
  constructor(
    private readonly chrome: Chrome,
    private readonly texts: Catalogue,
    private readonly clock: Clock,
    private readonly demoClock: DemoClockCommands,
    private readonly logins: DemoLogins,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.demoClock.resume();
    this.logins.entries = PEOPLE.map(({ username, name, role }) => ({ username, name, role }));
    this.logins.password = DEMO_PASSWORD;
    this.chrome.add(({ locale, now }) => {
      const shifted = this.clock instanceof SystemClock && isShifted(this.clock.offset);
      const time = `${monthDayText(dayOf(now), locale, now)} ${weekdayText(dayOf(now), locale)} ${timeText(now)}`;
      return Promise.resolve({ demoBanner: this.texts.t(locale, shifted ? 'demo.banner.shifted' : 'demo.banner', { time }) });
    });
  }

  @EveryMinute('demo.keep-clock')
  async keepClock(): Promise<void> {
    await this.demoClock.keep();
  }
}

/** The demo province: loaded into an empty system when DEMO=1. */
@Module({
  imports: [CalendarModule, CampaignsModule, CareModule, CustomersModule, MessagingModule, ReportsModule, RetentionModule],
  providers: [DemoChurn, DemoCommands, DemoClockCommands, DemoMessages, DemoWorkCommands, DemoFrame],
  exports: [DemoCommands, DemoClockCommands],
})
export class DemoModule {}
