import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ContactQueries } from '../../contact/contact.queries.js';
import { exportHref } from '../../exports/exports.types.js';
import { Clock } from '../../kernel/clock.js';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { CampaignHeads } from '../campaign-heads.views.js';
import { CampaignsQueries } from '../campaigns.queries.js';
import { CallListForm } from './task-list.forms.js';
import { TaskLists } from './task-list.queries.js';
import { ownerChoices, statesOf, taskPills, taskRow } from './task-list.views.js';

/** Who of a campaign is to be called, and with whom each lies. */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('campaigns/:code/list')
export class TaskListPagesController {
  constructor(
    private readonly campaigns: CampaignsQueries,
    private readonly lists: TaskLists,
    private readonly heads: CampaignHeads,
    private readonly contact: ContactQueries,
    private readonly clock: Clock,
  ) {}

  @Get()
  async list(@CurrentUser() user: CurrentUser, @Param('code') code: string, @Query() ask: CallListForm, @Res() reply: FastifyReply): Promise<void> {
    const campaign = await this.campaigns.byCode(user, code);
    const narrowed = Boolean(ask.owner ?? ask.team);
    const [head, page, states, owners, recycling] = await Promise.all([
      this.heads.of(user, campaign, 'list'),
      this.lists.tasks(user, campaign.id, ask),
      narrowed ? this.lists.states(user, campaign.id, ask) : undefined,
      this.lists.owners(user, campaign.id),
      this.campaigns.recycling(user, campaign.id),
    ]);
    const ids = page.items.map((task) => task.customerId);
    const contacted = await this.contact.lastToday(ids, this.clock.now());
    await reply.view('campaigns/show-list', {
      ...head,
      ask,
      narrowed,
      choices: ownerChoices(owners),
      pills: taskPills(states ?? statesOf(head.tasks), ask.state),
      recycling,
      back: reply.request.url,
      mayHandOut: user.role === 'supervisor' || user.role === 'admin',
      exportHref: exportHref('campaign-list', { campaign: code, state: ask.state, owner: ask.owner, team: ask.team }),
      rows: page.items.map((task) => ({ ...taskRow(task, reply.request.locale), contacted: contacted.get(task.customerId) })),
      next: page.nextCursor,
      mayStop: true,
    });
  }
}
