const CANDIDATES = [',', ';', '\t', '|'];

/** The sign that most often parts the cells of the first row, quoted text left out; a comma when there is none. */
export function detectDelimiter(sample: string): string {
  const first = sample.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/, 1)[0] ?? '';
  const counts = CANDIDATES.map((sign) => first.split(sign).length - 1);
  const most = Math.max(...counts);
  return most === 0 ? ',' : (CANDIDATES[counts.indexOf(most)] ?? ',');
}
