import { newSealKey, readSealKey, type SealKey } from './seal-key.js';
import { SealError, Sealer } from './sealer.js';

const key = (): SealKey => readSealKey(newSealKey()) as SealKey;
const PLACE = 'customers.id_card:17';

describe('SYS-2 a sealed text is read by the holder of its key alone', () => {
  it('comes back as it was, and never looks the same twice', () => {
    const sealer = new Sealer([key()]);
    const [one, other] = [sealer.seal('320102199003078271', PLACE), sealer.seal('320102199003078271', PLACE)];
    expect(sealer.open(one, PLACE)).toBe('320102199003078271');
    expect(one.data.equals(other.data)).toBe(false);
    expect(one.data.includes('320102')).toBe(false);
  });

  it('cannot be moved, changed, or read with another key', () => {
    const sealer = new Sealer([key()]);
    const sealed = sealer.seal('text', PLACE);
    expect(() => sealer.open(sealed, 'customers.id_card:18')).toThrow(SealError);
    for (let at = 0; at < sealed.data.length; at += 1) {
      const data = Buffer.from(sealed.data);
      data.writeUInt8(data.readUInt8(at) ^ 1, at);
      expect(() => sealer.open({ ...sealed, data }, PLACE)).toThrow(SealError);
    }
    expect(() => new Sealer([key()]).open(sealed, PLACE)).toThrow(SealError);
    expect(() => new Sealer([key()]).open({ ...sealed, keyId: new Sealer([key()]).current ?? '' }, PLACE)).toThrow(SealError);
  });

  it('is sealed with the first key, and read with any', () => {
    const [old, fresh] = [key(), key()];
    const sealed = new Sealer([old]).seal('text', PLACE);
    const both = new Sealer([fresh, old]);
    expect(both.open(sealed, PLACE)).toBe('text');
    expect(both.seal('text', PLACE).keyId).toBe(fresh.id);
    expect([both.has(old.id), both.has('00000000')]).toEqual([true, false]);
  });

  it('without a key nothing is sealed', () => {
    expect(() => new Sealer([]).seal('text', PLACE)).toThrow(SealError);
  });

  it.each(['', 'short', 'x'.repeat(44), Buffer.alloc(16).toString('base64'), Buffer.alloc(33).toString('base64')])('%s is no key', (text) => {
    expect(readSealKey(text)).toBeNull();
  });

  it('a key has the same name wherever it is read', () => {
    const text = newSealKey();
    expect(readSealKey(`${text}\n`)?.id).toBe(readSealKey(text)?.id);
    expect(readSealKey(text)?.id).toMatch(/^[0-9a-f]{8}$/);
  });
});
