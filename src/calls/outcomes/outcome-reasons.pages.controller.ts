import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { OutcomesQueries } from './outcomes.queries.js';
import { OutcomeReasonSettings } from './outcome-reasons.commands.js';
import { ReasonChangeForm, SecondLevelReasonForm } from './outcome-setting.forms.js';
import { filled, listView } from './outcome-settings.views.js';

type Posted = Record<string, unknown>;
const VIEW = 'calls/outcomes';
const HOME = '/admin/outcomes#reasons';
/** In the place of a code: the form of one that is to be made. */
const NEW = 'new';

/** The second-level reasons, which stand below the outcomes on their page. */
@ApiExcludeController()
@Roles()
@Controller('admin/outcome-reasons')
export class OutcomeReasonsPagesController {
  constructor(
    private readonly outcomes: OutcomesQueries,
    private readonly commands: OutcomeReasonSettings,
    private readonly forms: Forms,
  ) {}

  @Post()
  async add(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, NEW) }, async () => {
      await this.commands.add(user, await readForm(SecondLevelReasonForm, body));
      flash(reply.request, 'calls.outcomes.saved');
      return HOME;
    });
  }

  @Post(':reason')
  async change(@CurrentUser() user: CurrentUser, @Param('reason') code: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, code) }, async () => {
      const boxes = { version: body.version, labelZh: filled(body.labelZh), labelEn: filled(body.labelEn) };
      const changed = await this.commands.change(user, code, await readForm(ReasonChangeForm, boxes));
      flash(reply.request, changed ? 'calls.outcomes.saved' : 'calls.outcomes.unchanged');
      return HOME;
    });
  }

  @Post(':reason/retire')
  retire(@CurrentUser() user: CurrentUser, @Param('reason') code: string, @Res() reply: FastifyReply): Promise<void> {
    return this.offer(user, code, false, reply);
  }

  @Post(':reason/restore')
  restore(@CurrentUser() user: CurrentUser, @Param('reason') code: string, @Res() reply: FastifyReply): Promise<void> {
    return this.offer(user, code, true, reply);
  }

  private async offer(user: CurrentUser, code: string, offered: boolean, reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: VIEW, context: () => this.page(user, code) }, async () => {
      await this.commands.offer(user, code, offered);
      flash(reply.request, offered ? 'calls.outcomes.restored' : 'calls.outcomes.retired');
      return HOME;
    });
  }

  private async page(user: CurrentUser, faultAt: string): Promise<object> {
    const [outcomes, reasons] = await Promise.all([this.outcomes.all(), this.outcomes.allReasons()]);
    return { ...listView(outcomes, reasons, user.locale), faultAt };
  }
}
