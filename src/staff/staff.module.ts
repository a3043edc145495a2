import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Authenticator } from '../platform/http/authenticator.js';
import { Chrome } from '../platform/http/chrome.js';
import { JobsQueries } from '../platform/jobs/jobs.queries.js';
import { AccessPagesController } from './access.pages.controller.js';
import { AccountPagesController } from './account.pages.controller.js';
import { AdminPagesController } from './admin.pages.controller.js';
import { ApiToken } from './api-token.entity.js';
import { DeadJobs } from './dead-jobs/dead-jobs.commands.js';
import { DeadJobsApiController } from './dead-jobs/dead-jobs.api.controller.js';
import { DeadJobsPagesController } from './dead-jobs/dead-jobs.pages.controller.js';
import { Audit } from './audit/audit.commands.js';
import { AuditPagesController } from './audit/audit.pages.controller.js';
import { AuditQueries } from './audit/audit.queries.js';
import { OwnSessions } from './login/own-sessions.commands.js';
import { railFor } from './rail.views.js';
import { RolesPagesController } from './roles/roles.pages.controller.js';
import { RolesQueries } from './roles/roles.queries.js';
import { SessionApiController } from './login/session.api.controller.js';
import { SessionCommands } from './login/session.commands.js';
import { SessionPagesController } from './login/session.pages.controller.js';
import { SessionQueries } from './login/session.queries.js';
import { SettingsPagesController } from './settings/settings.pages.controller.js';
import { SettingsQueries } from './settings/settings.queries.js';
import { SsoProvider } from './sso/sso-provider.js';
import { SsoPagesController } from './sso/sso.pages.controller.js';
import { StaffApiController } from './staff.api.controller.js';
import { StaffCommands } from './staff.commands.js';
import { StaffJobs } from './staff.jobs.js';
import { StaffSets } from './staff-sets.commands.js';
import { StaffQueries } from './staff.queries.js';
import { type CurrentUser, DemoLogins, type Role, staffNoOf } from './staff.types.js';
import { User } from './user.entity.js';

/** Clients and judges look nobody up. */
const SEARCHERS = ['manager', 'planner', 'supervisor', 'admin'];

/** People, units, sessions, tokens, audit. Global: every module asks who is asking and writes to the audit log. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([User, ApiToken])],
  controllers: [
    SessionApiController,
    StaffApiController,
    SessionPagesController,
    SsoPagesController,
    AccountPagesController,
    AdminPagesController,
    AccessPagesController,
    AuditPagesController,
    RolesPagesController,
    SettingsPagesController,
    DeadJobsApiController,
    DeadJobsPagesController,
  ],
  providers: [
    Audit,
    AuditQueries,
    DeadJobs,
    DemoLogins,
    OwnSessions,
    RolesQueries,
    SessionCommands,
    SessionQueries,
    SettingsQueries,
    SsoProvider,
    StaffCommands,
    StaffJobs,
    StaffQueries,
    StaffSets,
    { provide: Authenticator, useExisting: SessionQueries },
  ],
  exports: [Audit, AuditQueries, Authenticator, DemoLogins, SessionCommands, StaffCommands, StaffQueries, StaffSets],
})
export class StaffModule implements OnModuleInit {
  constructor(
    private readonly chrome: Chrome,
    private readonly jobs: JobsQueries,
  ) {}

  onModuleInit(): void {
    this.chrome.add(({ viewer, path }) => {
      const served = (url: string): boolean => this.chrome.hasPage(url);
      const rail = viewer ? railFor(viewer.role as Role, path, served) : [];
      return Promise.resolve({
        rail,
        home: rail[0]?.href ?? '/account',
        search: viewer && SEARCHERS.includes(viewer.role) ? ['/search', '/customers'].find(served) : undefined,
        watermark: viewer && staffNoOf(viewer as CurrentUser),
      });
    });
    this.chrome.add(async ({ viewer }) => (viewer?.role === 'admin' ? { badges: { jobs: await this.jobs.dead() } } : {}));
  }
}
