import type { CurrentUser } from '../../staff/staff.types.js';
import { isOwn } from '../home-unit.js';
import type { Preview, PreviewItem, TemplateRow } from '../messaging.types.js';
import { cutParts } from '../wording/sms-parts.policy.js';
import { variablesFor } from '../wording/wording.js';

/** What the editor shows, as strings and flags. */

interface Band {
  kind: 'brand' | 'brand2' | 'gold' | 'bad';
  x: number;
  width: number;
}

/** One message as a bar: signature, text, opt-out words; a red line where each further part begins. */
export interface Ruler {
  units: number;
  parts: number;
  scale: number;
  bands: Band[];
  marks: number[];
  signature: number;
  body: number;
  optOut: number;
  latin: boolean;
}

/** Three parts of a Chinese message: shorter ones leave room to the right. */
const RULER_UNITS = 201;

export function ruler(item: PreviewItem, wording: { signature: string; optOut: string }): Ruler {
  const signature = wording.signature.length + 2;
  const optOut = wording.optOut.length;
  const body = item.text.length - signature - optOut;
  const bands: Band[] = [
    { kind: 'brand', x: 0, width: signature },
    { kind: 'brand2', x: signature, width: body },
    { kind: 'gold', x: signature + body, width: optOut },
  ];
  const scale = Math.max(RULER_UNITS, item.text.length);
  return { units: item.units, parts: item.parts, scale, bands, marks: item.breaks, signature, body, optOut, latin: item.encoding === 'gsm7' };
}

const sampleView = (item: PreviewItem): object => ({
  ...item,
  pieces: cutParts(item.text, item.breaks).map((text, i) => ({ text, part: i > 0 ? i + 1 : null })),
});

export const samplesView = (preview: Preview): object => ({
  samples: preview.items.map(sampleView),
  faults: preview.faults.map(({ code, variable, phones }) => ({ code, variable, count: phones.length, phones })),
  failed: new Set(preview.faults.flatMap(({ phones }) => phones)).size,
});

export interface EditorState {
  user: CurrentUser;
  template: TemplateRow;
  preview: Preview;
  columns: readonly string[];
  /** What is said after the text; empty: nothing. */
  optOut: string;
  /** What stands in the boxes: as saved, or as just typed. */
  boxes: { name: string; signature: string; body: string; segment: string; phones: string; expectedReplies: string };
}

export function editorView({ user, template, preview, columns, optOut, boxes }: EditorState): object {
  const [first] = preview.items;
  return {
    template,
    boxes,
    ...samplesView(preview),
    ruler: first ? ruler(first, { signature: boxes.signature, optOut }) : null,
    variables: variablesFor(template.code),
    columns,
    optOutWords: optOut === '' ? null : optOut,
    mayWrite: ['planner', 'admin'].includes(user.role) && isOwn(user, template),
    mayApprove: template.state === 'draft' && template.authorId !== user.id && isOwn(user, template),
    ownDraft: template.state === 'draft' && template.authorId === user.id,
  };
}

export const templateListRow = (row: TemplateRow): object => ({ ...row, excerpt: row.body.length > 46 ? `${row.body.slice(0, 45)}…` : row.body });
