export interface RoleArea {
  /** Its word is `roles.area.<key>`. */
  key: string;
  /** What its addresses begin with, those of the API without `/api/v1`; the longest that fits has an address. */
  prefixes: readonly string[];
}

const area = (key: string, ...prefixes: string[]): RoleArea => ({ key, prefixes });

/** Parts of the product as the page of roles names them. A test fails for an address that belongs to none. */
export const ROLE_AREAS: readonly RoleArea[] = [
  area('calls', '/today', '/desk', '/call-desk', '/tasks', '/attempts', '/handover', '/users/:username/handover'),
  area('promises', '/promises'),
  area('customers', '/customers', '/search'),
  area('orders', '/orders'),
  area('campaigns', '/campaigns', '/campaign-approvals'),
  area('segments', '/segments'),
  area('care', '/care', '/star-rights'),
  area('retention', '/retention'),
  area('tickets', '/tickets'),
  area('sms', '/sms'),
  area('replies', '/replies'),
  area('dispatches', '/dispatches'),
  area('imports', '/imports'),
  area('offers', '/offers'),
  area('reports', '/reports', '/call-records', '/bulletins'),
  area('live', '/live'),
  area('exports', '/exports'),
  area('contact', '/contact'),
  area('calendar', '/calendar', '/admin/calendar'),
  area('rota', '/rota', '/absences', '/absence-kinds', '/account/absences', '/users/:username/absences', '/users/:username/rota'),
  area('outcomes', '/outcomes', '/outcome-reasons', '/admin/outcomes', '/admin/outcome-reasons'),
  area('people', '/users', '/org-units', '/admin/users', '/admin/org-units', '/admin/roles'),
  area('access', '/tokens', '/cti', '/admin/tokens', '/admin/cti-keys'),
  area('system', '/admin/settings', '/admin/audit', '/admin/jobs', '/jobs'),
  area('webhooks', '/webhooks', '/admin/webhooks'),
  area('account', '/', '/account', '/session', '/logout'),
];
