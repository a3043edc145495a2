import { type Encoding, lengthFault, measure } from './sms-parts.policy.js';

/** How a body becomes the text for one person; given by wording.ts, so that this stays a decision. */
export interface Renderer {
  missing: string[];
  forbidden: string[];
  /** Variables whose values are not what their helper needs; asked only when nothing is missing. */
  unfit: () => string[];
  /** Called only when nothing is missing, forbidden or unfit. */
  text: () => string;
  /** The forbidden words in a text. */
  words: (text: string) => string[];
}

export const TEXT_FAULTS = [
  'template_variable_missing',
  'template_variable_brackets',
  'template_variable_unfit',
  'sms_forbidden_word',
  'sms_empty',
  'sms_too_long',
  // no text can be made, for a fault that is ours or of the record: thrown, not answered
  'row_fault',
] as const;
export type TextFault = (typeof TEXT_FAULTS)[number];

/** @property variables that are at fault; of `sms_forbidden_word` the words themselves */
export type MessageText =
  { text: string; parts: number; units: number; encoding: Encoding; breaks: number[] } | { fault: TextFault; variables: string[] };

/** The message for one person, or the one reason why there is none. A hole is never sent (SMS-1). */
export function messageText(render: Renderer): MessageText {
  if (render.missing.length > 0) return { fault: 'template_variable_missing', variables: render.missing };
  if (render.forbidden.length > 0) return { fault: 'template_variable_brackets', variables: render.forbidden };
  const unfit = render.unfit();
  if (unfit.length > 0) return { fault: 'template_variable_unfit', variables: unfit };
  const text = render.text();
  const words = render.words(text);
  if (words.length > 0) return { fault: 'sms_forbidden_word', variables: words };
  const size = measure(text);
  const fault = lengthFault(size);
  return fault ? { fault, variables: [] } : { text, parts: size.parts, units: size.units, encoding: size.encoding, breaks: size.breaks };
}
