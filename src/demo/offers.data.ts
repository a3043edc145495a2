import { addDays, type Day } from '../kernel/day.js';
import { PACKAGES } from './province.js';

const MB_A_GB = 1024;

interface DemoOffer {
  code: string;
  name: string;
  kind: 'package' | 'data-pack' | 'business-pack' | 'second-card';
  price_fen: number;
  data_mb: number | null;
  voice_min: number | null;
  contract_months: number | null;
  excludes: readonly string[];
  valid_until: Day | null;
}

type Told = Partial<Omit<DemoOffer, 'code' | 'name' | 'kind' | 'price_fen' | 'data_mb'>> & { gb?: number };
type Row = [code: string, name: string, yuan: number, told?: Told];

const each = (kind: DemoOffer['kind'], rows: readonly Row[]): DemoOffer[] =>
  rows.map(([code, name, yuan, { gb, ...told } = {}]) => ({
    ...{ code, name, kind, price_fen: yuan * 100, data_mb: gb === undefined ? null : gb * MB_A_GB },
    ...{ voice_min: null, contract_months: null, excludes: [], valid_until: null, ...told },
  }));

/** The tariff catalogue of the demo's operator: what its lines have, what may be had besides, and a few that have ended. Names and prices are invented. */
export function catalogue(today: Day): DemoOffer[] {
  const [soon, ended] = [addDays(today, 37), addDays(today, -55)];
  const held = PACKAGES.map(({ code, name, fen, gb, minutes }): Row => {
    const voice = minutes > 0 ? { voice_min: minutes } : {};
    return [code, name, fen / 100, { gb, ...voice, ...(fen >= 12_900 ? { contract_months: 24 } : {}) }];
  });
  return [
    ...each('package', [
      ...held,
      ['TC299', '5G 畅享融合 299 元', 299, { gb: 150, voice_min: 2000, contract_months: 24 }],
      ['TC399', '5G 尊享融合 399 元', 399, { gb: 200, voice_min: 3000, contract_months: 24 }],
      ['TC79', '天翼大流量 79 元', 79, { gb: 30, voice_min: 100, valid_until: soon }],
      ['TC159Q', '5G 畅享 159 元（2025 版）', 159, { gb: 45, voice_min: 700, contract_months: 24, valid_until: ended }],
    ]),
    ...each('data-pack', [
      ['LL5', '5G 流量包 5 GB', 10, { gb: 5 }],
      ['LL10', '5G 流量包 10 GB', 15, { gb: 10 }],
      ['LL20', '5G 流量包 20 GB', 25, { gb: 20, excludes: ['LL30'] }],
      ['LL30', '5G 流量包 30 GB', 30, { gb: 30, contract_months: 12, excludes: ['LL20', 'TC39'] }],
      ['LLYJ', '夜间流量包 15 GB', 9, { gb: 15, valid_until: ended }],
    ]),
    ...each('business-pack', [
      ['YY100', '语音包 100 分钟', 10, { voice_min: 100 }],
      ['YY300', '语音包 300 分钟', 25, { voice_min: 300, excludes: ['YY600'] }],
      ['YY600', '语音包 600 分钟', 45, { voice_min: 600, excludes: ['YY300'] }],
      ['QQ500', '亲情通话包 500 分钟', 15, { voice_min: 500, excludes: ['TC39'], valid_until: soon }],
    ]),
    ...each('second-card', [
      ['FK10', '家庭副卡', 10, { excludes: ['TC39'] }],
      ['FKET', '儿童手表副卡', 10, { voice_min: 100, excludes: ['TC39'] }],
      ['FK20', '畅享副卡（含 10 GB）', 20, { gb: 10, excludes: ['TC39', 'TC59'] }],
    ]),
  ];
}
