import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { Chrome } from '../../platform/http/chrome.js';
import { SETTINGS_PAGES } from './settings-pages.data.js';
import { SettingsQueries } from './settings.queries.js';

/** Everything that can be set, with who changed it last; all changes before that are a click away in the audit log. */
@Roles('admin')
@Controller('admin/settings')
export class SettingsPagesController {
  constructor(
    private readonly queries: SettingsQueries,
    private readonly chrome: Chrome,
  ) {}

  @Get()
  async list(@Res() reply: FastifyReply): Promise<void> {
    const pages = SETTINGS_PAGES.filter(({ href }) => this.chrome.hasPage(href));
    const changes = await this.queries.lastChanges(pages);
    const rows = pages.map(({ key, href, objects }) => {
      const last = changes.get(key);
      return { key, href, last, fixed: objects.length === 0, history: last && `/admin/audit?object=${encodeURIComponent(last.object)}` };
    });
    await reply.view('staff/settings', { rows });
  }
}
