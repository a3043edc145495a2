import { readXml } from './xml.js';
import { type ZipEntry, ZipFault, type ZipFile } from './zip-file.js';

const PAGE_BYTES = 1024 * 1024;
/** A cell holds 32,767 characters at most; one text must not take all memory. */
const LONGEST_TEXT = 1024 * 1024;

/**
 * The texts that cells share: a million names of a workbook, packed as bytes into pages instead of a million strings, which would take four times
 * the memory.
 */
export class SharedTexts {
  private readonly pages: Buffer[] = [];
  private used = PAGE_BYTES;
  /** Page and place of each text, and where it ends: three numbers a text. */
  private places = new Uint32Array(3 * 1024);
  private count = 0;

  at(index: number): string {
    const page = index < this.count ? this.pages[this.places[3 * index] ?? 0] : undefined;
    return page?.toString('utf8', this.places[3 * index + 1], this.places[3 * index + 2]) ?? '';
  }

  async read(file: ZipFile, entry: ZipEntry | undefined): Promise<void> {
    if (!entry) return;
    let text = '';
    let inText = false;
    let inPhonetic = false;
    await readXml(file.chunks(entry), {
      open: (name) => {
        if (name === 'si') text = '';
        if (name === 'rPh') inPhonetic = true; // how it is read aloud
        inText = name === 't' && !inPhonetic;
      },
      text: (part) => {
        if (inText) text += part;
        if (text.length > LONGEST_TEXT) throw new ZipFault('zip_broken');
      },
      close: (name) => {
        if (name === 'rPh') inPhonetic = false;
        if (name === 'si') this.add(text);
        inText = false;
      },
    });
  }

  private add(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.used + bytes > PAGE_BYTES) {
      this.pages.push(Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, bytes)));
      this.used = 0;
    }
    this.pages[this.pages.length - 1]?.write(text, this.used);
    if (3 * this.count + 3 > this.places.length) {
      const more = new Uint32Array(this.places.length * 2);
      more.set(this.places);
      this.places = more;
    }
    this.places.set([this.pages.length - 1, this.used, this.used + bytes], 3 * this.count);
    this.used += bytes;
    this.count += 1;
  }
}
