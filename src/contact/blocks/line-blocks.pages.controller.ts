import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { ownPath } from '../../platform/http/own-path.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { type NamedCampaign, NamedCampaigns } from '../named-campaigns.queries.js';
import { BlocksCommands } from './blocks.commands.js';
import { LineBlockForm } from './blocks.forms.js';
import { BlocksQueries, type StopLine } from './blocks.queries.js';
import { stopView } from './blocks.views.js';

type Fields = Record<string, string>;
interface Path {
  id: string;
  line: string;
}

/** "Stop contacting this number", from a list, the desk and the customer's page: the number stays masked (R23). */
@Roles('manager', 'planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/:id/lines/:line/stop')
export class LineBlocksPagesController {
  constructor(
    private readonly blocks: BlocksCommands,
    private readonly queries: BlocksQueries,
    private readonly campaigns: NamedCampaigns,
    private readonly forms: Forms,
  ) {}

  /** @param query `campaign`: code of the one the contact was about · `back`: where to go on, the customer's page without it */
  @Get()
  async ask(@Param() path: Path, @Query() query: Fields, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    const line = await this.queries.line(user, path.id, path.line);
    await reply.view('contact/stop', stopView(line, await this.about(user, query), backOf(line, query)));
  }

  @Post()
  async stop(@Param() path: Path, @Body() body: Fields, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const user = request.viewer as CurrentUser;
    const line = await this.queries.line(user, path.id, path.line);
    const campaign = await this.about(user, body);
    const back = backOf(line, body);
    await this.forms.answer(reply, { view: 'contact/stop', context: () => stopView(line, campaign, back) }, async () => {
      const form = await readForm(LineBlockForm, { ...body, ...reachOf(body.scope, campaign) });
      await this.blocks.add(user, { ...form, phone: line.number });
      flash(request, 'contact.stop.done', { last: line.number.slice(-4) });
      return back;
    });
  }

  /** The campaign it was about; one out of reach is as none. */
  private async about(user: CurrentUser, { campaign }: Fields): Promise<NamedCampaign | null> {
    if (!campaign) return null;
    return this.campaigns.byCode(user, campaign).catch((error: unknown) => {
      if (error instanceof DomainError) return null;
      throw error;
    });
  }
}

const backOf = ({ customerId }: StopLine, { back }: Fields): string => ownPath(back, `/customers/${customerId}`);

/** The campaign is the context; what of it is meant the chosen scope says. */
const reachOf = (scope: string | undefined, campaign: NamedCampaign | null): Pick<LineBlockForm, 'productFamily' | 'campaign'> => ({
  productFamily: scope === 'product' ? (campaign?.family ?? null) : null,
  campaign: scope === 'campaign' ? (campaign?.code ?? null) : null,
});
