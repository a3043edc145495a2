import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { scriptFromForm } from '../../campaigns/campaigns.queries.js';
import { notFound } from '../../kernel/errors.js';
import { parseFen } from '../../kernel/money.js';
import { Roles } from '../../platform/http/access.js';
import { Forms } from '../../platform/http/answer-form.js';
import { readForm } from '../../platform/http/forms.js';
import { flash } from '../../platform/http/pages.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { SETTING_FIELDS } from './settings.policy.js';
import { fieldsOf, type Posted } from './setup-item.policy.js';
import { SetupPage } from './setup-page.queries.js';
import { SetupCommands } from './setup.commands.js';
import { SetupAnswerForm, RetentionOfferForm, SourceForm, StrategyForm } from './setup.forms.js';
import { SETUP_KINDS, type SetupItem, type SetupKind } from './setup.types.js';

const HOME = '/retention/setup';
const ALL = 'retention/setup';
const ONE = 'retention/setup-item';
/** In the place of a code: one that is to be made. */
const NEW = 'new';

/** What retention goes by, the same in the whole house: settings, sources, strategies, offers, reasons, directions (RET-1, RET-3). */
@ApiExcludeController()
@Roles('planner', 'supervisor')
@Controller('retention/setup')
export class SetupPagesController {
  constructor(
    private readonly page: SetupPage,
    private readonly commands: SetupCommands,
    private readonly forms: Forms,
  ) {}

  @Get()
  async overview(@CurrentUser() user: CurrentUser, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ALL, await this.page.overview(user));
  }

  @Roles('planner')
  @Post()
  async set(@CurrentUser() user: CurrentUser, @Body() body: Posted, @Res() reply: FastifyReply): Promise<void> {
    await this.forms.answer(reply, { view: ALL, context: () => this.page.overview(user, body) }, async () => {
      const changed = await this.commands.set(user, Number(body.version), settingsOf(body));
      flash(reply.request, changed ? 'retention.setup.saved' : 'retention.setup.unchanged');
      return HOME;
    });
  }

  @Get(':kind/:code')
  async one(@CurrentUser() user: CurrentUser, @Param() { kind, code }: { kind: string; code: string }, @Res() reply: FastifyReply): Promise<void> {
    await reply.view(ONE, await this.page.one(user, kindOf(kind), code === NEW ? null : code));
  }

  @Roles('planner')
  @Post(':kind/:code')
  async save(
    @CurrentUser() user: CurrentUser,
    @Param() params: { kind: string; code: string },
    @Body() body: Posted,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const kind = kindOf(params.kind);
    const code = params.code === NEW ? null : params.code;
    await this.forms.answer(reply, { view: ONE, context: () => this.page.one(user, kind, code, body) }, async () => {
      const { seen, ...item } = await itemOf(kind, code === null ? body : { ...body, code });
      const changed = await this.commands.save(user, kind, code, { ...item, seen });
      flash(reply.request, changed ? 'retention.setup.saved' : 'retention.setup.unchanged');
      return `${HOME}#${kind}`;
    });
  }
}

function kindOf(name: string): SetupKind {
  const kind = SETUP_KINDS.find((one) => one === name);
  if (!kind) throw notFound('retention_setup', name);
  return kind;
}

/** Amounts are typed in yuan; what is no number stays as it is and is refused. */
const settingsOf = (body: Posted): Record<string, unknown> =>
  Object.fromEntries(
    SETTING_FIELDS.map(({ name, money }) => {
      const typed = String(body[name] ?? '').trim();
      return [name, (money ? parseFen(typed) : /^\d{1,9}$/.test(typed) ? Number(typed) : null) ?? typed];
    }),
  );

async function itemOf(kind: SetupKind, body: Posted): Promise<SetupItem & { seen?: string | undefined }> {
  const fields = fieldsOf(kind, body);
  if (kind === 'sources') return readForm(SourceForm, fields);
  if (kind === 'strategies') return { ...(await readForm(StrategyForm, fields)), script: scriptFromForm(body) };
  if (kind !== 'offers') return readForm(SetupAnswerForm, fields);
  const { text = '', catalogueCode = null, validUntil = null, ...offer } = await readForm(RetentionOfferForm, fields);
  return { ...offer, text, catalogueCode, validUntil };
}
