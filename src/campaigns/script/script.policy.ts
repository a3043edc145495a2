import type { RenderedScript, Script, ScriptBranch, ScriptFields, ScriptLine, ScriptSegment } from './script.types.js';

/** Said first in every call (CAM-1): who calls with staff number, is this the holder, the recording notice, is it convenient. */
export const MANDATORY_OPENING = [
  '您好，我是中国电信客户经理{{agent.name}}，工号{{agent.no}}。',
  '请问您是{{honorific|机主}}本人吗？',
  '为了保证服务质量，本次通话会录音。现在方便说两分钟吗？',
].join('\n');

type Piece = { text: string } | { field: string; plain: string | null };

const TOKEN = /\{\{\s*([^{}|]+?)\s*(?:\|([^{}]*))?\}\}/g;
const SENTENCE_END = /[^。！？!?；;]*[。！？!?；;]+[”』」"]?|[^。！？!?；;]+$/g;
const ACT = /^\s*[▸>]\s*/;
/** Usage and bills are said only to the holder; the opening is spoken before we know who listens. */
const PRIVATE_FIELD = /arpu|usage|bill|fee|balance|quota|charge|用量|流量|语音|账单|话费|消费|余额|费用|欠费/i;

export const isPrivateField = (field: string): boolean => PRIVATE_FIELD.test(field);

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ field: match[1] ?? '', plain: match[2] ?? null });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

/** Every field a text asks for, once each. */
export function fieldsIn(text: string): string[] {
  return [...new Set([...text.matchAll(TOKEN)].map((match) => match[1] ?? ''))];
}

/** A text of a script with the box of the page that holds it. */
export function textsOf({ opening, branches, objections }: Script): { box: string; text: string }[] {
  return [
    { box: 'script', text: opening },
    ...branches.map(({ text }, index) => ({ box: `branch${index}_text`, text })),
    ...objections.map(({ text }, index) => ({ box: `objection${index}_text`, text })),
  ];
}

/** Fields that nobody can have a value for: no field of the product and no column of the segment. */
export function unknownFields(script: Script, known: readonly string[]): { box: string; field: string }[] {
  const names = new Set(known);
  return textsOf(script).flatMap(({ box, text }) =>
    fieldsIn(text)
      .filter((field) => !names.has(field))
      .map((field) => ({ box, field })),
  );
}

/** Cuts pieces into sentences, so that one missing value takes its own sentence away and no other. */
function sentencesOf(pieces: Piece[]): Piece[][] {
  const sentences: Piece[][] = [];
  let open: Piece[] = [];
  for (const piece of pieces) {
    if ('field' in piece) {
      open.push(piece);
      continue;
    }
    for (const part of piece.text.match(SENTENCE_END) ?? []) {
      open.push({ text: part });
      if (/[。！？!?；;][”』」"]?$/.test(part)) {
        sentences.push(open);
        open = [];
      }
    }
  }
  if (open.length > 0) sentences.push(open);
  return sentences;
}

/** The sentence with its values; null when a value is missing and no plain words stand in for it. */
function fill(sentence: Piece[], value: (field: string) => string | null, missing: Set<string>): ScriptSegment[] | null {
  const segments: ScriptSegment[] = [];
  let whole = true;
  for (const piece of sentence) {
    if ('text' in piece) {
      segments.push({ text: piece.text, merged: false });
      continue;
    }
    const filled = value(piece.field);
    if (filled !== null) segments.push({ text: filled, merged: true });
    else if (piece.plain !== null) segments.push({ text: piece.plain, merged: false });
    else {
      missing.add(piece.field);
      whole = false;
    }
  }
  return whole ? segments : null;
}

function join(segments: ScriptSegment[]): ScriptSegment[] {
  const joined: ScriptSegment[] = [];
  for (const segment of segments) {
    const last = joined.at(-1);
    if (last && last.merged === segment.merged && !segment.merged) last.text += segment.text;
    else if (segment.text !== '') joined.push({ ...segment });
  }
  return joined;
}

function linesOf(text: string, value: (field: string) => string | null, missing: Set<string>): ScriptLine[] {
  const lines: ScriptLine[] = [];
  for (const line of text.split(/\r?\n/)) {
    const act = ACT.test(line);
    const sentences = sentencesOf(piecesOf(line.replace(ACT, '').trim()));
    const segments = join(sentences.flatMap((sentence) => fill(sentence, value, missing) ?? []));
    if (segments.some((segment) => segment.text.trim() !== '')) lines.push({ act, segments });
  }
  return lines;
}

const isFor = (branch: ScriptBranch, star: number): boolean => !branch.stars?.length || branch.stars.includes(star);

/**
 * A script with one customer's data (CAM-1, ui.md 4). The mandatory opening comes first; in the opening no value about usage or bills is
 * filled in, because the holder is not confirmed yet. A missing value shows the plain words of its field, or takes its sentence away; it never
 * leaves a hole. Values come back as their own segments and as plain text: whoever shows them escapes them.
 */
export function renderScript(script: Script, fields: ScriptFields, star: number): RenderedScript {
  const missing = new Set<string>();
  const value = (field: string): string | null => fields[field]?.trim() || null;
  const beforeHolder = (field: string): string | null => (isPrivateField(field) ? null : value(field));
  const opening = `${MANDATORY_OPENING}\n${script.opening}`;
  return {
    opening: linesOf(opening, beforeHolder, missing),
    branches: script.branches
      .filter((branch) => isFor(branch, star))
      .map((branch) => ({ key: branch.key, title: branch.title, lines: linesOf(branch.text, value, missing) })),
    objections: script.objections.map((objection) => ({ title: objection.title, lines: linesOf(objection.text, value, missing) })),
    missing: [...missing],
  };
}
