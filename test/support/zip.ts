import { deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  /** Numbers of 64 bits throughout, as some writers always use them. */
  large?: boolean;
}

interface Packed {
  name: string;
  data: Buffer;
  method: number;
}

/** A ZIP of these entries, in their order; a `Raw` one is taken as packed already. */
export function zipOf(entries: Record<string, string | Buffer | Raw>, { large = false }: ZipOptions = {}): Buffer {
  const packed = Object.entries(entries).map(([name, content]): Packed => {
    if (content instanceof Raw) return { name, data: content.deflated, method: 8 };
    return { name, data: deflateRawSync(content, { level: 9 }), method: 8 };
  });
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const entry of packed) {
    const local = localHeader(entry);
    list.push(listed(entry, at, large));
    parts.push(local, entry.data);
    at += local.length + entry.data.length;
  }
  const contents = Buffer.concat(list);
  return Buffer.concat([...parts, contents, ...(large ? [largeEnd(contents.length, at)] : []), end(contents.length, large ? 0xffffffff : at)]);
}

/** What is deflated already. */
export class Raw {
  constructor(readonly deflated: Buffer) {}
}

function localHeader({ name, data, method }: Packed): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([header, Buffer.from(name)]);
}

/** In the table of contents; of its unpacked size it tells a lie. */
function listed({ name, data, method }: Packed, at: number, large: boolean): Buffer {
  const extra = Buffer.alloc(large ? 28 : 0);
  if (large) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    [1000, data.length, at].forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  }
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(large ? 0xffffffff : data.length, 20);
  entry.writeUInt32LE(large ? 0xffffffff : 1000, 24);
  entry.writeUInt16LE(Buffer.byteLength(name), 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(large ? 0xffffffff : at, 42);
  return Buffer.concat([entry, Buffer.from(name), extra]);
}

function largeEnd(length: number, at: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at + length), 56 + 8);
  return record;
}

function end(length: number, at: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt32LE(length, 12);
  record.writeUInt32LE(at, 16);
  return record;
}

export interface BookParts {
  /** Name of a sheet → the inside of its sheetData, or that with its state (hidden). */
  sheets: Record<string, string | { data: string; state: string }>;
  /** Texts the cells share. */
  texts?: readonly string[];
  /** The inside of styleSheet. */
  styles?: string;
  /** Attributes of workbookPr. */
  properties?: string;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const RELS = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** The parts of an XLSX workbook as Excel names them, for {@link zipOf}. */
export function bookOf({ sheets, texts = [], styles = '', properties = '' }: BookParts): Record<string, string> {
  const all = Object.entries(sheets).map(([name, sheet], i) => ({
    name,
    n: i + 1,
    ...(typeof sheet === 'string' ? { data: sheet, state: 'visible' } : sheet),
  }));
  const relation = (id: string, kind: string, target: string): string => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
  const listed = all.map(({ name, n, state }) => `<sheet name="${name}" sheetId="${n}" state="${state}" r:id="rId${n}"/>`).join('');
  const related = all.map(({ n }) => relation(`rId${n}`, 'worksheet', `worksheets/sheet${n}.xml`)).join('');
  const parts: Record<string, string> = {
    '_rels/.rels': `<Relationships xmlns="${RELS}">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr ${properties}/><sheets>${listed}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${RELS}">${related}${relation('s', 'styles', 'styles.xml')}${relation('t', 'sharedStrings', '/xl/sharedStrings.xml')}</Relationships>`,
  };
  for (const { n, data } of all) parts[`xl/worksheets/sheet${n}.xml`] = `<worksheet xmlns="${MAIN}"><sheetData>${data}</sheetData></worksheet>`;
  parts['xl/styles.xml'] = `<styleSheet xmlns="${MAIN}">${styles}</styleSheet>`;
  parts['xl/sharedStrings.xml'] = `<sst xmlns="${MAIN}">${texts.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`;
  return parts;
}
