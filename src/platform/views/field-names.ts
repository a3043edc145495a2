import { randomUUID } from 'node:crypto';

/** Nobody can type it: a rare character of a name may stand at any place of Unicode's private use. */
const START = `\uE000${randomUUID()}`;
const END = '\uE001';
const PLACE = new RegExp(`${START}([^${END}]*)${END}(?:：|: )?`, 'g');

/** A place for what a box is called: only the page that holds the box knows the word. {@link nameFields} fills it. */
export const placeOfName = (param: string): string => `${START}${param}${END}`;

/** The page with the words of its own labels in the places left for them; where a box has none, the place goes with its colon. */
export function nameFields(html: string): string {
  if (!html.includes(START)) return html;
  return html.replace(PLACE, (place, param: string) => {
    const label = labelOf(html, param);
    return label === undefined ? '' : place.replace(`${START}${param}${END}`, label);
  });
}

function labelOf(html: string, param: string): string | undefined {
  const name = param.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const box = new RegExp(`<(?:input|select|textarea)\\b[^>]*\\sname="${name}"[^>]*>`).exec(html)?.[0] ?? '';
  const id = /\sid="([^"]+)"/.exec(box)?.[1] ?? param;
  const label = [...html.matchAll(/<label\b[^>]*\sfor="([^"]+)"[^>]*>([^]*?)<\/label>/g)].find(([, of]) => of === id)?.[2];
  return plain(label) ?? /\saria-label="([^"]+)"/.exec(box)?.[1];
}

/** The words alone: a remark in grey, such as 选填, is none of the name. */
function plain(label: string | undefined): string | undefined {
  const words = label
    ?.replace(/<span class="sc-muted">[^]*?<\/span>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? undefined : words;
}
