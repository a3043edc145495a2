import { draws } from '../../kernel/draws.js';
import { designOf } from './design.policy.js';
import { fitLogistic, logistic, logOdds } from './logistic.policy.js';
import type { ColumnPlan } from './model.types.js';
import { scorerOf } from './scoring.policy.js';
import { type Labelled, train, type TrainingInput } from './training.policy.js';

const noPause = (): Promise<void> => Promise.resolve();

/** Customers whose chance of leaving is known: month, contract, an unrelated colour, and cells that are missing. */
function world(count: number, seed: number): { rows: Labelled[]; truth: number[] } {
  const draw = draws(seed);
  const truth: number[] = [];
  const rows = Array.from({ length: count }, (): Labelled => {
    const months = Math.floor(draw() * 72);
    const contract = draw() < 0.5 ? '月付' : '两年';
    const chance = logistic(1 - months / 18 + (contract === '月付' ? 1.2 : -0.8));
    truth.push(chance);
    const attributes = { 编号: `c${draw()}`, 在网月数: draw() < 0.03 ? '' : String(months), 合约: contract, 颜色: draw() < 0.5 ? '红' : '蓝' };
    return { attributes, positive: draw() < chance };
  });
  return { rows, truth };
}

const columns = ['编号', '在网月数', '合约', '颜色', '离网'];
const input = (rows: Labelled[]): TrainingInput => ({ rows, columns, label: '离网', exclude: [], unlabelled: 0 });

describe('RET-2 a regularised logistic regression', () => {
  it('finds the log odds of a two-by-two table when nothing is punished', () => {
    // 30 of 40 left with A, 10 of 60 with B: log odds ln 3 and ln 0.2
    const rows = Array.from({ length: 100 }, (_, i) => ({ offer: i < 40 ? 'A' : 'B' }));
    const labels = Uint8Array.from(rows, (_, i) => Number(i < 30 || (i >= 40 && i < 50)));
    const plans: ColumnPlan[] = [{ kind: 'category', name: 'offer', levels: ['A', 'B'] }];
    const design = designOf(rows, plans);
    const fit = fitLogistic(design, labels, Int32Array.from(labels.keys()), 1e-6);
    expect(logOdds(design, 0, fit)).toBeCloseTo(Math.log(3), 4);
    expect(logOdds(design, 99, fit)).toBeCloseTo(Math.log(0.2), 4);
  });

  it('stands where the slope of the penalised likelihood is nothing', () => {
    const { rows } = world(400, 3);
    const plans: ColumnPlan[] = [
      { kind: 'number', name: '在网月数', mean: 36, spread: 20, edges: [12, 24, 48] },
      { kind: 'category', name: '合约', levels: ['月付', '两年'] },
    ];
    const design = designOf(
      rows.map((row) => row.attributes),
      plans,
    );
    const labels = Uint8Array.from(rows, ({ positive }) => Number(positive));
    const fit = fitLogistic(design, labels, Int32Array.from(labels.keys()), 2);
    const slopes = Array.from(fit.weights, (weight) => -2 * weight);
    rows.forEach((_, row) => {
      const miss = (labels[row] ?? 0) - logistic(logOdds(design, row, fit));
      for (let at = row * design.width; at < (row + 1) * design.width; at += 1) slopes[design.index[at]!]! += miss * design.value[at]!;
    });
    for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(1e-6);
  });
});

describe('RET-2 a trained churn model', () => {
  it('comes near the best anybody could, on customers it never saw, and says which columns stand outside', async () => {
    const { rows } = world(4000, 1);
    const { model, card } = await train(input(rows), noPause);
    const unseen = world(4000, 2);
    const score = scorerOf(model);
    const misses = unseen.rows.map(({ attributes }, i) => Math.abs(score(attributes).score - unseen.truth[i]!));
    expect(misses.reduce((sum, miss) => sum + miss, 0) / misses.length).toBeLessThan(0.04);
    expect(card).toMatchObject({
      rows: 4000,
      leftOut: [
        { column: '编号', why: 'identifier' },
        { column: '离网', why: 'label' },
      ],
      suspicious: [],
    });
    expect(card.auc).toBeGreaterThan(0.8);
    expect(card.lift[0]).toBeGreaterThan(card.lift[9]!);
  });

  it('learns nothing where there is nothing: AUC near a half on shuffled labels', async () => {
    const draw = draws(11);
    const rows = world(3000, 4).rows.map((row) => ({ ...row, positive: draw() < 0.3 }));
    const { card } = await train(input(rows), noPause);
    expect(Math.abs(card.auc - 0.5)).toBeLessThan(0.04);
  });

  it('names a column that gives the answer away', async () => {
    const rows = world(1000, 5).rows.map(({ attributes, positive }) => ({ attributes: { ...attributes, 颜色: positive ? '红' : '蓝' }, positive }));
    expect((await train(input(rows), noPause)).card.suspicious).toEqual(['颜色']);
  });

  it('gives the three strongest reasons, strongest first, with the way they pull', async () => {
    const { model } = await train(input(world(4000, 1).rows), noPause);
    const { reasons } = scorerOf(model)({ 在网月数: '70', 合约: '月付', 颜色: '红' });
    expect(reasons.map(({ column }) => column).slice(0, 2)).toEqual(['在网月数', '合约']);
    expect(reasons[0]!.weight).toBeLessThan(0);
    expect(reasons[1]!.weight).toBeGreaterThan(0);
    expect(reasons.length).toBeLessThanOrEqual(3);
  });

  it('takes unknown levels, missing cells and numbers far outside without losing its head', async () => {
    const { model } = await train(input(world(2000, 6).rows), noPause);
    const score = scorerOf(model);
    for (const row of [{}, { 在网月数: '999999999', 合约: '十年' }, { 在网月数: 'abc', 合约: '__proto__' }, { 合约: 'constructor' }]) {
      const { score: value } = score(row as Record<string, string>);
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
  });

  it('is the same from the same rows', async () => {
    const { rows } = world(600, 8);
    expect(await train(input(rows), noPause)).toEqual(await train(input(rows), noPause));
  });
});
