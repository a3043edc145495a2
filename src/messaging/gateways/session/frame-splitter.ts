/** Cuts a stream into frames. What is left of the last chunk waits for the next one. */
export class FrameSplitter {
  private rest: Buffer | null = null;

  constructor(private readonly lengthOf: (buffer: Buffer, at: number) => number) {}

  /** @param each is given views into the chunk; false ends the cutting @throws what `lengthOf` and `each` throw */
  push(chunk: Buffer, each: (frame: Buffer) => boolean): void {
    const buffer = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = null;
    let at = 0;
    while (at < buffer.length) {
      const length = this.lengthOf(buffer, at);
      if (length === 0 || at + length > buffer.length) break;
      if (!each(buffer.subarray(at, at + length))) return;
      at += length;
    }
    if (at < buffer.length) this.rest = at === 0 ? buffer : Buffer.from(buffer.subarray(at));
  }
}
