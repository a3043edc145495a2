import type { Catalogue, Locale } from '../platform/i18n/catalogue.js';
import type { GatewayAccount } from './gateways/gateway.types.js';
import type { GatewayLine } from './gateways/session/gateway-lines.commands.js';
import type { Blast, BlastMessageRow, Preview, TemplateRow } from './messaging.types.js';
import { toldOf } from './retry/failure-kinds.policy.js';

/** Rows as the API answers them. */

export function templateAnswer(row: TemplateRow): object {
  const { code, name, purpose, signature, body, expectedReplies, version, state, inUse, authorName, approvedBy, approvedAt, refused } = row;
  return { code, name, purpose, signature, body, expectedReplies, version, state, inUse, author: authorName, approvedBy, approvedAt, refused };
}

export function previewAnswer(preview: Preview, catalogue: Catalogue, locale: Locale): object {
  return {
    items: preview.items.map(({ phone, text, parts, units, encoding }) => ({ phone, text, parts, units, encoding })),
    errors: preview.faults.map(({ code, variable, phones }) => ({
      code,
      variable,
      phones,
      message: catalogue.t(locale, `error.${code}`, { variable, count: phones.length }),
    })),
  };
}

export function blastAnswer(blast: Blast): object {
  const { code, name, state, audience, counts, refusedBy, parts, gateway, purpose, notBefore, notAfter, ratePerSecond, startedAt, finishedAt } =
    blast;
  return {
    code,
    name,
    state,
    audience,
    counts,
    refusedBy,
    parts,
    template: blast.templateCode,
    templateVersion: blast.templateVersion,
    segment: blast.segmentCode,
    gateway,
    purpose,
    notBefore,
    notAfter,
    ratePerSecond,
    startedAt,
    finishedAt,
    holdoutPercent: blast.holdoutPercent,
    pausedBy: blast.pausedBy,
    retryOf: blast.retryOf?.code ?? null,
  };
}

export function messageAnswer(row: BlastMessageRow): object {
  const { phone, name, state, reason, parts, text, submittedAt, finishedAt, archived } = row;
  const { key, code } = toldOf(row.networkCode);
  return { phone, name, state, reason: reason ?? key, networkCode: code, parts, text, submittedAt, finishedAt, archived };
}

/** Without host, password and the like: those stay with the administrator who entered them. */
export function gatewayAnswer(account: GatewayAccount, lines: readonly GatewayLine[] = []): object {
  const { code, kind, ratePerSecond, window, active, fallbackGateways } = account;
  const own = lines.filter(({ gateway }) => gateway === code);
  return { code, kind, ratePerSecond, window, active, fallbackGateways, lines: own.map(({ gateway: _, ...line }) => line) };
}
