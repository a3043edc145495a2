const CANDIDATES = [',', ';', '\t', '|'];

/** The sign that most often parts the cells of the first row that has one, quoted text left out: a title may stand above the header. A comma when there is none. */
export function detectDelimiter(sample: string): string {
  for (const line of sample.replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/)) {
    const counts = CANDIDATES.map((sign) => line.split(sign).length - 1);
    const most = Math.max(...counts);
    if (most > 0) return CANDIDATES[counts.indexOf(most)] ?? ',';
  }
  return ',';
}
