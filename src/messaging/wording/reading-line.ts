/**
 * Cuts of one run stand in line to read their recipients: each goes on where the one before it has read, whatever that one still asks and writes.
 * It spares them waiting for each other's rows; that nobody is taken twice rests on the locks of the rows, not on this.
 */
export class ReadingLine {
  private last: string | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  /** The last line that was read; undefined before the first. */
  get readTo(): string | undefined {
    return this.last;
  }

  /** @param read from the line after the given one; undefined: nobody has read yet @returns what it has read and the last line of it */
  next<T extends { last: string | undefined }>(read: (after: string | undefined) => Promise<T>): Promise<T> {
    const mine = this.turn.then(async () => {
      const found = await read(this.last);
      this.last = found.last ?? this.last;
      return found;
    });
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Whoever could not be cut is read once more. */
  backTo(last: string | undefined): void {
    this.last = last;
  }
}
