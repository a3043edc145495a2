import type { TemplateRow, TemplateVersion } from '../messaging.types.js';
import { type DiffPiece, diffTexts } from './text-diff.policy.js';

export interface VersionsAsked {
  from?: string | undefined;
  to?: string | undefined;
}

export interface VersionDiff {
  from: number;
  to: number;
  /** What differs, field by field; one that stayed the same is not told. */
  changes: { field: 'signature' | 'body' | 'expectedReplies'; pieces: DiffPiece[] }[];
}

const repliesText = ({ expectedReplies }: TemplateVersion): string => expectedReplies.join(' ');

/** Without a wish: what is in use (or was before) against the newest. */
export function versionsToCompare(template: TemplateRow, versions: readonly TemplateVersion[], asked: VersionsAsked): { from: number; to: number } {
  const known = (text: string | undefined): number | undefined => versions.find(({ version }) => String(version) === text)?.version;
  const to = known(asked.to) ?? template.version;
  const before = template.inUse !== null && template.inUse !== to ? template.inUse : Math.max(1, to - 1);
  return { from: known(asked.from) ?? before, to };
}

export function versionDiff(versions: readonly TemplateVersion[], { from, to }: { from: number; to: number }): VersionDiff {
  const [before, after] = [from, to].map((wanted) => versions.find(({ version }) => version === wanted));
  if (!before || !after) return { from, to, changes: [] };
  const fields = [
    { field: 'signature', pieces: diffTexts(before.signature, after.signature) },
    { field: 'body', pieces: diffTexts(before.body, after.body) },
    { field: 'expectedReplies', pieces: diffTexts(repliesText(before), repliesText(after)) },
  ] as const;
  return { from, to, changes: fields.filter(({ pieces }) => pieces.some(({ kind }) => kind !== 'same')) };
}

export const versionAnswer = ({
  version,
  signature,
  body,
  expectedReplies,
  authorName,
  writtenAt,
  approvedBy,
  approvedAt,
}: TemplateVersion): object => ({
  version,
  state: approvedAt === null ? 'draft' : 'approved',
  signature,
  body,
  expectedReplies,
  author: authorName,
  writtenAt,
  approvedBy,
  approvedAt,
});
