import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../../kernel/clock.js';
import { notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CorrectionForm } from '../attempts/attempts.forms.js';
import { AttemptsQueries } from '../attempts/attempts.queries.js';
import { CorrectionsCommands } from './corrections.commands.js';
import { attemptOf, type Posted } from '../desk/desk-form.policy.js';
import { callbackChoices, labelOf, orderBox, outcomeKeys } from '../desk/desk.views.js';
import { OrderTerms } from '../orders/order-terms.queries.js';
import { wasOffered } from '../outcomes/outcomes.policy.js';
import { OutcomesQueries } from '../outcomes/outcomes.queries.js';

/** "Previous one … correct": the outcome as it should have been, and why. */
@Controller('attempts')
@Roles('manager', 'supervisor')
export class CorrectionPagesController {
  constructor(
    private readonly corrections: CorrectionsCommands,
    private readonly attempts: AttemptsQueries,
    private readonly outcomes: OutcomesQueries,
    private readonly forms: Forms,
    private readonly clock: Clock,
    private readonly terms: OrderTerms,
  ) {}

  @Get(':id/correct')
  async show(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('calls/correct', await this.page(user, id, {}));
  }

  @Post(':id/correct')
  async correct(@CurrentUser() user: CurrentUser, @Param('id') id: string, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    const page = { view: 'calls/correct', context: () => this.page(user, id, body) };
    await this.forms.answer(reply, page, async () => {
      const { outcome, callbackAt, order } = attemptOf(body, await this.outcomes.all());
      const form = await readForm(CorrectionForm, {
        outcome,
        callbackAt,
        order,
        reason: body.reason,
        outcomeReason: body.outcomeReason || undefined,
      });
      await this.corrections.correct(user, id, form, { strict: true });
      flash(reply.request, 'calls.corrected');
      return '/desk';
    });
  }

  private async page(user: CurrentUser, id: string, values: Posted): Promise<Record<string, unknown>> {
    const attempt = await this.attempts.byId(id);
    if (attempt.manager !== user.username) throw notFound('attempt', id);
    const now = this.clock.now();
    const [all, reasons] = await Promise.all([this.outcomes.all(), this.outcomes.allReasons()]);
    const outcomes = all.filter(({ code, retiredAt }) => code === attempt.outcome || !retiredAt || retiredAt > attempt.startedAt);
    const chosen = typeof values.outcome === 'string' ? values.outcome : attempt.outcome;
    return {
      attempt,
      customerName: await this.attempts.customerNameOf(attempt.id),
      keys: outcomeKeys(outcomes, user.locale, chosen),
      was: outcomes.filter((outcome) => outcome.code === attempt.outcome).map((o) => (user.locale === 'zh' ? o.labelZh : o.labelEn))[0],
      reasonOptions: reasons
        .filter((reason) => reason.code === attempt.reason || wasOffered(reason, attempt.startedAt))
        .map((reason) => ({ code: reason.code, text: labelOf(reason, user.locale) })),
      outcomeReason: values.outcomeReason ?? attempt.reason,
      callbacks: callbackChoices(now),
      ...orderBox(await this.terms.choices(user)),
      values,
    };
  }
}
