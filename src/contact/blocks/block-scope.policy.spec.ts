import { reachFault, scopeOf, type TypedReach } from './block-scope.policy.js';

describe('R22 how far a block reaches', () => {
  it.each<[TypedReach, string]>([
    [{}, 'all'],
    [{ scope: 'marketing' }, 'marketing'],
    [{ productFamily: '5g' }, 'product'],
    [{ campaign: 'autumn' }, 'campaign'],
    [{ scope: 'product', productFamily: '5g' }, 'product'],
  ])('%o is of scope %s', (typed, scope) => {
    expect(scopeOf(typed)).toBe(scope);
    expect(reachFault(typed)).toBeNull();
  });

  it.each<[TypedReach, string, string]>([
    [{ scope: 'product' }, 'productFamily', 'block_family_missing'],
    [{ scope: 'campaign', campaign: '' }, 'campaign', 'block_campaign_missing'],
    [{ scope: 'all', productFamily: '5g' }, 'scope', 'block_scope_mixed'],
    [{ scope: 'marketing', campaign: 'autumn' }, 'scope', 'block_scope_mixed'],
    [{ productFamily: '5g', campaign: 'autumn' }, 'scope', 'block_scope_mixed'],
  ])('%o is refused at %s: %s', (typed, param, code) => {
    expect(reachFault(typed)).toEqual({ param, code });
  });
});
