import { SaxesParser } from 'saxes';
import { ZipFault } from './zip-file.js';

export interface XmlHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** `x:row` and `row` are the same: which prefix a writer gives its one namespace is its own matter. */
const local = (name: string): string => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name);

/** Reads one XML part as it arrives; characters may be cut anywhere by the borders of the chunks. */
export class XmlReading {
  private readonly parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  private readonly decoder = new TextDecoder('utf-8');

  constructor(handlers: XmlHandlers) {
    this.parser.on('opentag', ({ name, attributes }) => handlers.open(local(name), attributes));
    this.parser.on('closetag', ({ name }) => handlers.close?.(local(name)));
    this.parser.on('text', (text) => handlers.text?.(text));
    this.parser.on('cdata', (text) => handlers.text?.(text));
    this.parser.on('error', () => {
      throw new ZipFault('zip_broken');
    });
  }

  /** @throws ZipFault zip_broken */
  write(chunk: Buffer): void {
    this.parser.write(this.decoder.decode(chunk, { stream: true }));
  }

  end(): void {
    this.parser.write(this.decoder.decode()).close();
  }
}

/** A whole part at once. @throws ZipFault */
export async function readXml(chunks: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  const xml = new XmlReading(handlers);
  for await (const chunk of chunks) xml.write(chunk);
  xml.end();
}
