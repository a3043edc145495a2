import { Injectable } from '@nestjs/common';
import { Waves } from '../campaigns/waves/waves.commands.js';
import { BlastsCommands } from '../messaging/blasts/blasts.commands.js';
import { StepSetting } from '../messaging/steps/step-setting.commands.js';
import { TemplatesCommands } from '../messaging/templates/templates.commands.js';
import type { CurrentUser } from '../staff/staff.types.js';

/** What the planner of the demo sent and prepared this morning. */
@Injectable()
export class DemoMessages {
  constructor(
    private readonly templates: TemplatesCommands,
    private readonly blasts: BlastsCommands,
    private readonly waves: Waves,
    private readonly steps: StepSetting,
  ) {}

  /** One template in use and sent to a segment, one still waiting for a second person. */
  async send(author: CurrentUser, second: CurrentUser): Promise<void> {
    await this.templates.create(author, {
      code: 'broadband-renewal',
      name: '宽带续约提醒',
      purpose: 'marketing',
      signature: '中国电信',
      body: '{{honorific}}，您的宽带{{到期月份}}到期，现在续约一年免费提速到千兆。客户经理{{manager.name}}随后致电，也可回电{{manager.phone}}。',
    });
    await this.templates.approve(second, 'broadband-renewal');
    await this.templates.create(author, {
      code: '5g-upgrade',
      name: '5G 升档提醒',
      purpose: 'marketing',
      signature: '中国电信',
      body: '{{honorific}}，为您选好了{{推荐套餐}}，每月约省{{每月可省}}元，回复1由客户经理联系您。',
    });
    await this.blasts.create(author, {
      code: 'broadband-renewal',
      name: '宽带续约 · 首轮短信',
      template: 'broadband-renewal',
      segment: 'broadband-renewal',
      gateway: 'simulator',
    });
    await this.blasts.start(author, 'broadband-renewal');
  }

  /** A second wave of the renewals, ready to be launched: whom nobody reached gets a text two hours before the first dial. */
  async nextWave(author: CurrentUser, second: CurrentUser): Promise<void> {
    await this.templates.create(author, {
      code: 'renewal-before-call',
      name: '宽带续约 · 致电前',
      purpose: 'marketing',
      signature: '中国电信',
      body: '{{honorific}}，您家的宽带快到期了，现在续约一年免费提速到千兆。客户经理{{manager.name}}今天再致电您，也可回电{{manager.phone}}。',
    });
    await this.templates.approve(second, 'renewal-before-call');
    const { code } = await this.waves.add(author, 'broadband-renewal', { take: ['not_reached', 'undecided'], mostTogether: 6 });
    await this.steps.set(author, code, { when: 'before', hours: 2, outcomes: [], templates: [{ code: 'renewal-before-call' }] });
  }
}
