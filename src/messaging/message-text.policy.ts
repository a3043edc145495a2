import { type Encoding, lengthFault, measure } from './sms-parts.policy.js';

/** How a body becomes the text for one person; given by wording.ts, so that this stays a decision. */
export interface Renderer {
  missing: string[];
  forbidden: string[];
  /** Called only when nothing is missing or forbidden. */
  text: () => string;
}

export type TextFault = 'template_variable_missing' | 'template_variable_brackets' | 'sms_empty' | 'sms_too_long';

export type MessageText =
  { text: string; parts: number; units: number; encoding: Encoding; breaks: number[] } | { fault: TextFault; variables: string[] };

/** The message for one person, or the one reason why there is none. A hole is never sent (SMS-1). */
export function messageText(render: Renderer): MessageText {
  if (render.missing.length > 0) return { fault: 'template_variable_missing', variables: render.missing };
  if (render.forbidden.length > 0) return { fault: 'template_variable_brackets', variables: render.forbidden };
  const text = render.text();
  const size = measure(text);
  const fault = lengthFault(size);
  return fault ? { fault, variables: [] } : { text, parts: size.parts, units: size.units, encoding: size.encoding, breaks: size.breaks };
}
