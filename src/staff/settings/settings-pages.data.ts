export interface SettingsPage {
  /** Its word is `settings.page.<key>`. */
  key: string;
  /** Where it is seen and changed. */
  href: string;
  /** What its changes are filed under in the audit log; none where it only shows what is fixed. */
  objects: readonly string[];
}

const page = (key: string, href: string, ...objects: string[]): SettingsPage => ({ key, href, objects });

/** What can be set in the product, whichever module it belongs to: one line a page. Those that are not served are left out. */
export const SETTINGS_PAGES: readonly SettingsPage[] = [
  page('gate', '/contact/rules', 'gate_rule'),
  page('care', '/care', 'care_rule'),
  page('outcomes', '/admin/outcomes', 'outcome', 'outcome_reason'),
  page('calendar', '/admin/calendar', 'calendar'),
  page('campaign_approval', '/campaign-approvals/rule', 'campaign_approval_rule'),
  page('orders', '/orders/settings', 'order-setting'),
  page('dial_costs', '/reports/providers', 'dial_cost'),
  page('tickets', '/tickets/limits', 'ticket-limits'),
  page('blasts', '/sms/settings', 'blast_rule'),
  page('wording', '/sms/wording', 'opt_out_text', 'forbidden_word'),
  page('gateways', '/sms/gateways', 'gateway'),
  page('retention', '/retention/setup', 'retention_setup'),
  page('customers', '/customers/settings', 'customer-setting'),
  page('exports', '/exports/settings', 'export_setting'),
  page('webhooks', '/admin/webhooks', 'webhook'),
  page('roles', '/admin/roles'),
];
