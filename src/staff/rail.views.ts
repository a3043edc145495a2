import type { Role } from './staff.types.js';

interface RailEntry {
  /** Its word is `rail.<key>`. */
  key: string;
  icon: string;
  /** The first of these addresses that is served. */
  urls: readonly string[];
  /** Where else this entry is the current one: pages reached from it that live under another address. */
  covers: readonly string[];
}

const entry = (key: string, icon: string, ...urls: string[]): RailEntry => ({ key, icon, urls, covers: [] });
const covering = (one: RailEntry, ...covers: string[]): RailEntry => ({ ...one, covers });

const campaigns = entry('campaigns', 'speakerphone', '/campaigns');
const care = entry('care', 'heart-handshake', '/care');
const customers = covering(entry('customers', 'users', '/customers'), '/contact');
const reports = covering(entry('reports', 'chart-bar', '/reports/funnel'), '/reports', '/call-records', '/orders');
const audit = entry('audit', 'history', '/admin/audit');
const exported = entry('exports', 'file-export', '/exports');
const sms = covering(entry('sms', 'message-2', '/sms', '/sms/templates', '/sms/blasts'), '/sms');
const retention = entry('retention', 'lifebuoy', '/retention');
const promises = entry('promises', 'checklist', '/promises');
const replies = entry('replies', 'message-reply', '/replies');
const webhooks = entry('webhooks', 'webhook', '/admin/webhooks');
const tickets = entry('tickets', 'ticket', '/tickets');

/** Navigation by role (ui.md 2). The first entry that is served is the role's home. */
const RAILS: Record<Role, readonly RailEntry[]> = {
  manager: [
    entry('today', 'home', '/today'),
    covering(entry('calls', 'phone-call', '/desk'), '/tasks', '/attempts', '/orders'),
    promises,
    retention,
    customers,
    tickets,
    replies,
    entry('score', 'chart-bar', '/scorecard'),
  ],
  planner: [
    campaigns,
    care,
    retention,
    entry('segments', 'users-group', '/segments'),
    sms,
    replies,
    covering(entry('imports', 'database-import', '/imports'), '/offers', '/dispatches'),
    reports,
    customers,
    entry('calendar', 'calendar', '/calendar'),
    webhooks,
  ],
  supervisor: [
    entry('live', 'activity', '/live'),
    covering(entry('calls', 'phone-call', '/today'), '/desk', '/tasks', '/attempts'),
    covering(campaigns, '/dispatches'),
    care,
    retention,
    promises,
    tickets,
    sms,
    replies,
    entry('quality', 'clipboard-check', '/quality'),
    reports,
    customers,
    exported,
    entry('rota', 'calendar-user', '/rota'),
    audit,
  ],
  judge: [
    entry('review', 'clipboard-list', '/quality/review'),
    entry('samples', 'filter', '/quality/samples'),
    entry('appeals', 'gavel', '/quality/appeals'),
    entry('calibration', 'scale', '/quality/calibration'),
    reports,
  ],
  client: [reports, campaigns, sms, entry('greetings', 'calendar-heart', '/care/greetings'), exported],
  admin: [
    entry('users', 'users', '/admin/users'),
    entry('orgs', 'sitemap', '/admin/org-units'),
    covering(entry('calendar', 'calendar', '/admin/calendar'), '/calendar', '/rota'),
    covering(entry('rules', 'shield-check', '/contact/rules'), '/orders/settings', '/tickets/limits'),
    entry('blocks', 'phone-off', '/contact/blocks'),
    entry('gateways', 'router', '/sms/gateways'),
    entry('tokens', 'key', '/admin/tokens'),
    entry('switches', 'phone-plus', '/admin/cti-keys'),
    covering(entry('settings', 'settings', '/admin/settings'), '/admin/outcomes', '/admin/outcome-reasons', '/admin/roles'),
    entry('jobs', 'refresh-alert', '/admin/jobs'),
    webhooks,
    exported,
    audit,
  ],
};

export interface RailItem {
  key: string;
  icon: string;
  href: string;
  current: boolean;
}

/** The entries of a role that lead somewhere; the one whose address, or whose longest covered one, begins the page's is the current one. */
export function railFor(role: Role, path: string, served: (url: string) => boolean): RailItem[] {
  const items = RAILS[role].flatMap(({ key, icon, urls, covers }) => {
    const href = urls.find(served);
    return href ? [{ item: { key, icon, href, current: false }, reach: reachOf([href, ...covers], path) }] : [];
  });
  const nearest = Math.max(...items.map(({ reach }) => reach), 1);
  return items.map(({ item, reach }) => ({ ...item, current: reach === nearest }));
}

/** How much of the page's address an entry accounts for; 0 when it is not its page. */
const reachOf = (prefixes: readonly string[], path: string): number =>
  Math.max(0, ...prefixes.filter((prefix) => path === prefix || path.startsWith(`${prefix}/`)).map((prefix) => prefix.length));
