import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DomainError, notFound } from '../../kernel/errors.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { rightsVersion } from './rights-version.js';
import { StarRightsCommands } from './star-rights.commands.js';
import { rightsFromForm, StarRightsForm, typedRights } from './star-rights.forms.js';
import { StarRightsQueries } from './star-rights.queries.js';
import { historyView, linesOf } from './star-rights.views.js';

type Typed = Record<string, string | undefined>;

const VIEW = 'customers/star-rights';
const STARS = [7, 6, 5, 4, 3, 2, 1] as const;

/** The rights of each star, in Chinese and English, and what was changed of them. */
@Roles('planner', 'supervisor')
@ApiExcludeController()
@Controller('customers/star-rights')
export class StarRightsPagesController {
  constructor(
    private readonly rights: StarRightsQueries,
    private readonly commands: StarRightsCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async highest(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, '7', reply.request.locale));
  }

  @Get(':star')
  async show(@Param('star') star: string, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(VIEW, await this.page(user, star, reply.request.locale));
  }

  @Roles('planner')
  @Post(':star')
  async save(@Param('star') star: string, @Body() body: Typed, @CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    let read = body.version;
    const context = (): Promise<object> => this.page(user, star, reply.request.locale, { ...body, version: read });
    await this.forms.answer(reply, { view: VIEW, context }, async () => {
      const form = await readForm(StarRightsForm, rightsFromForm(body));
      const changes = await this.commands.change(user, Number(star), form.items, form).catch((error: unknown) => {
        // once it is said that others saved, what was typed may be saved over it
        if (error instanceof DomainError && error.code === 'star_rights_changed') read = undefined;
        throw error;
      });
      flash(reply.request, changes.length > 0 ? 'customers.star_rights.saved' : 'customers.star_rights.saved_quietly', {
        star,
        count: changes.length,
      });
      return `/customers/star-rights/${star}`;
    });
  }

  private async page(user: CurrentUser, star: string, locale: string, typed?: Typed): Promise<object> {
    const level = STARS.find((one) => String(one) === star);
    if (level === undefined) throw notFound('star', star);
    const [items, history] = await Promise.all([this.rights.items(level), this.rights.history(level)]);
    return {
      star: level,
      stars: STARS,
      lines: linesOf(typed ? typedRights(typed) : items),
      version: typed?.version ?? rightsVersion(items),
      history: historyView(history, locale),
      mayEdit: user.role === 'planner' || user.role === 'admin',
    };
  }
}
