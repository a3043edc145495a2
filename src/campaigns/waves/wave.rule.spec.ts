import { waveReason } from './wave.rule.js';
import type { EarlierResult, EarlierWave } from './wave.types.js';

const was = (result: EarlierResult, more: Partial<EarlierWave> = {}): EarlierWave => ({ wave: 1, pending: false, attempts: 1, result, ...more });
const rule = { take: ['not_reached', 'interested'], mostTogether: 6 };

describe('R38 whom a new wave takes', () => {
  it.each([
    ['nobody answered', [was('not_reached')], null],
    ['is interested', [was('interested')], null],
    ['never dialled, and the wave does not take those', [was('not_dialled', { attempts: 0 })], 'wave_not_taken'],
    ['was only informed', [was('reached')], 'wave_not_taken'],
    ['refused or bought', [was('decided')], 'wave_decided'],
    ['is still on the list', [was('not_reached', { pending: true })], 'wave_open'],
    ['refused in the first wave, not reached in the second', [was('decided'), was('not_reached', { wave: 2 })], 'wave_decided'],
    ['informed in the first, not reached in the second: the last one says where they stand', [was('reached'), was('not_reached', { wave: 2 })], null],
    ['not reached in the first, informed in the second', [was('reached', { wave: 2 }), was('not_reached')], 'wave_not_taken'],
    ['six dials in two waves', [was('not_reached', { attempts: 3 }), was('not_reached', { wave: 2, attempts: 3 })], 'wave_attempts'],
    ['five dials in two waves', [was('not_reached', { attempts: 3 }), was('not_reached', { wave: 2, attempts: 2 })], null],
    ['was in no wave', [], 'wave_not_taken'],
  ] as const)('%s', (_who, earlier, reason) => {
    expect(waveReason(earlier, rule)).toBe(reason);
  });

  it('without a limit over all waves dials do not keep anybody off', () => {
    expect(waveReason([was('not_reached', { attempts: 40 })], { ...rule, mostTogether: null })).toBeNull();
  });
});
