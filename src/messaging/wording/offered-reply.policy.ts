/**
 * What an opt-out text asks its reader to write: the last word after 回复 or 回, or the last run of letters. `拒收请回复R` → R, `退订回TD` → TD,
 * `reply STOP to opt out` → STOP.
 */
export function offeredReply(text: string): string | null {
  const chinese = [...text.matchAll(/回复?[“"'「]?([A-Za-z0-9]+|[\u4e00-\u9fff]{1,4})/gu)].at(-1)?.[1];
  return chinese ?? /reply\s+(?:with\s+)?([A-Za-z0-9]+)/i.exec(text)?.[1] ?? /([A-Za-z0-9]+)[^A-Za-z0-9]*$/.exec(text)?.[1] ?? null;
}
