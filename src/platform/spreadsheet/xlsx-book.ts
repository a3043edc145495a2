import { posix } from 'node:path';
import { type BookFacts, isDateFormat } from './xlsx-cell.js';
import { readXml } from './xml.js';
import { SharedTexts } from './xlsx-texts.js';
import type { ZipEntry, ZipFile } from './zip-file.js';

/** The file is a ZIP, but no workbook this program can read, or one with several tables. */
export class BookFault extends Error {
  constructor(
    readonly code: 'book_none' | 'book_many_sheets',
    readonly sheets: readonly string[] = [],
  ) {
    super(code);
  }
}

export interface BookSheet {
  name: string;
  entry: ZipEntry;
}

/** A workbook without its rows: which sheets there are, the texts they share, which styles are dates. */
export class Book implements BookFacts {
  /** Those a person sees, in their order. */
  readonly sheets: BookSheet[] = [];
  from1904 = false;
  private readonly dateStyles: boolean[] = [];
  private readonly texts = new SharedTexts();

  private constructor(private readonly file: ZipFile) {}

  /** @throws BookFault book_none · ZipFault */
  static async open(file: ZipFile): Promise<Book> {
    const book = new Book(file);
    const main = file.find((await related(file, '')).get('officeDocument')?.[0]?.target ?? 'xl/workbook.xml');
    if (!main) throw new BookFault('book_none');
    const parts = await related(file, main.name);
    await book.readMain(main, parts);
    const part = (type: string): ZipEntry | undefined => file.find(parts.get(type)?.[0]?.target ?? '');
    await book.readStyles(part('styles'));
    await book.texts.read(file, part('sharedStrings'));
    if (book.sheets.length === 0) throw new BookFault('book_none');
    return book;
  }

  text(index: number): string {
    return this.texts.at(index);
  }

  isDate(style: string | undefined): boolean {
    return style !== undefined && (this.dateStyles[Number(style)] ?? false);
  }

  /** @param leaveOut names of sheets that are no tables @throws BookFault when more than one sheet holds anything: which to read is not ours to say, and what is left out would be lost */
  async onlySheet(leaveOut: ReadonlySet<string>): Promise<BookSheet> {
    const filled: BookSheet[] = [];
    const asked = this.sheets.filter(({ name }) => !leaveOut.has(name));
    for (const sheet of asked) if (asked.length === 1 || (await this.holdsAnything(sheet))) filled.push(sheet);
    if (filled.length > 1)
      throw new BookFault(
        'book_many_sheets',
        filled.map(({ name }) => name),
      );
    return filled[0] ?? (this.sheets[0] as BookSheet);
  }

  private async readMain(main: ZipEntry, parts: Related): Promise<void> {
    const targets = new Map(parts.get('worksheet')?.map(({ id, target }) => [id, target]));
    await readXml(this.file.chunks(main), {
      open: (name, attributes) => {
        if (name === 'workbookPr') this.from1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
        if (name !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return;
        const entry = this.file.find(targets.get(idOf(attributes)) ?? '');
        if (entry) this.sheets.push({ name: attributes.name ?? '', entry });
      },
    });
  }

  private async readStyles(entry: ZipEntry | undefined): Promise<void> {
    if (!entry) return;
    const formats = new Map<number, string>();
    let inCells = false;
    await readXml(this.file.chunks(entry), {
      open: (name, attributes) => {
        if (name === 'numFmt') formats.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
        if (name === 'cellXfs') inCells = true;
        const id = Number(attributes.numFmtId ?? 0);
        if (name === 'xf' && inCells) this.dateStyles.push(isDateFormat(id, formats.get(id)));
      },
      close: (name) => {
        if (name === 'cellXfs') inCells = false;
      },
    });
  }

  private async holdsAnything({ entry }: BookSheet): Promise<boolean> {
    let before = '';
    for await (const chunk of this.file.chunks(entry)) {
      const text = before + chunk.toString('latin1');
      if (/<(?:\w+:)?(?:v|t|f)[ >]/.test(text)) return true;
      before = text.slice(-20);
    }
    return false;
  }
}

type Related = Map<string, { id: string; target: string }[]>;

/** `r:id`, whatever the prefix. */
const idOf = (attributes: Readonly<Record<string, string>>): string => Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';

/** The parts a part names, by the last word of their kind: `worksheet`, `styles`, `sharedStrings`. */
async function related(file: ZipFile, name: string): Promise<Related> {
  const folder = name === '' ? '' : posix.dirname(name);
  const entry = file.find(posix.join(folder, '_rels', `${posix.basename(name)}.rels`));
  const found: Related = new Map();
  if (!entry) return found;
  await readXml(file.chunks(entry), {
    open: (tag, { Id: id = '', Type: type = '', Target: target = '' }) => {
      if (tag !== 'Relationship') return;
      const kind = type.slice(type.lastIndexOf('/') + 1);
      const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      found.set(kind, [...(found.get(kind) ?? []), { id, target: path }]);
    },
  });
  return found;
}
