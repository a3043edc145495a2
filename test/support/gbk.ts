/** Lead and trail bytes of all two-byte characters of GBK. */
function pairs(): [number, number][] {
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return range(0x81, 0xfe).flatMap((lead) => range(0x40, 0xfe).map((trail): [number, number] => [lead, trail]));
}

const decoder = new TextDecoder('gbk');
let bytesOf: Map<string, [number, number]> | undefined;

/** Text as a Windows program of the operator saves it. Node only reads GBK, so the table is read backwards. */
export function gbk(text: string): Buffer {
  bytesOf ??= new Map(pairs().map((pair) => [decoder.decode(Uint8Array.from(pair)), pair]));
  const bytes = [...text].flatMap((char) => {
    if (char < '\x80') return [char.charCodeAt(0)];
    const pair = bytesOf?.get(char);
    if (!pair) throw new Error(`GBK has no ${char}`);
    return pair;
  });
  return Buffer.from(bytes);
}
