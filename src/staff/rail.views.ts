import type { Role } from './staff.types.js';

interface RailEntry {
  /** Its word is `rail.<key>`. */
  key: string;
  icon: string;
  /** The first of these addresses that is served. */
  urls: readonly string[];
}

const entry = (key: string, icon: string, ...urls: string[]): RailEntry => ({ key, icon, urls });

const campaigns = entry('campaigns', 'speakerphone', '/campaigns');
const care = entry('care', 'heart-handshake', '/care');
const customers = entry('customers', 'users', '/customers');
const reports = entry('reports', 'chart-bar', '/reports/funnel');
const tickets = entry('tickets', 'ticket', '/tickets');

/** Navigation by role (ui.md 2). The first entry that is served is the role's home. */
const RAILS: Record<Role, readonly RailEntry[]> = {
  manager: [
    entry('today', 'home', '/today'),
    entry('calls', 'phone-call', '/desk'),
    customers,
    tickets,
    entry('replies', 'message-2', '/replies'),
    entry('score', 'chart-bar', '/scorecard'),
  ],
  planner: [
    campaigns,
    care,
    entry('segments', 'users-group', '/segments'),
    entry('sms', 'message-2', '/sms', '/sms/templates', '/sms/blasts'),
    entry('imports', 'database-import', '/imports'),
    reports,
    customers,
  ],
  supervisor: [
    entry('live', 'activity', '/live'),
    campaigns,
    care,
    entry('retention', 'lifebuoy', '/retention'),
    tickets,
    entry('quality', 'clipboard-check', '/quality'),
    reports,
    customers,
  ],
  judge: [
    entry('review', 'clipboard-list', '/quality/review'),
    entry('samples', 'filter', '/quality/samples'),
    entry('appeals', 'gavel', '/quality/appeals'),
    entry('calibration', 'scale', '/quality/calibration'),
    reports,
  ],
  client: [reports, campaigns],
  admin: [
    entry('users', 'users', '/admin/users'),
    entry('orgs', 'sitemap', '/admin/org-units'),
    entry('calendar', 'calendar', '/admin/calendar'),
    entry('rules', 'shield-check', '/contact/rules'),
    entry('blocks', 'phone-off', '/contact/blocks'),
    entry('gateways', 'router', '/sms/gateways'),
    entry('tokens', 'key', '/admin/tokens'),
    entry('audit', 'history', '/admin/audit'),
  ],
};

export interface RailItem {
  key: string;
  icon: string;
  href: string;
  current: boolean;
}

/** The entries of a role that lead somewhere; the one whose address begins the page's is the current one. */
export function railFor(role: Role, path: string, served: (url: string) => boolean): RailItem[] {
  const items = RAILS[role].flatMap(({ key, icon, urls }) => {
    const href = urls.find(served);
    return href ? [{ key, icon, href, current: false }] : [];
  });
  const current = items.filter((item) => path === item.href || path.startsWith(`${item.href}/`)).sort((a, b) => b.href.length - a.href.length)[0];
  if (current) current.current = true;
  return items;
}
