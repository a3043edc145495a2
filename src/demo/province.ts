import type { Role } from '../staff/staff.types.js';

/** The demo's organisation: a province with two cities and three teams. Names and places are invented. */
export const UNITS = [
  { code: 'jinling', name: '金陵市', kind: 'city', parent: 'province' },
  { code: 'binjiang', name: '滨江市', kind: 'city', parent: 'province' },
  { code: 'jl1', name: '金陵一组', kind: 'team', parent: 'jinling' },
  { code: 'jl2', name: '金陵二组', kind: 'team', parent: 'jinling' },
  { code: 'bj1', name: '滨江一组', kind: 'team', parent: 'binjiang' },
] as const;

export const DEMO_PASSWORD = 'starcare';

export interface DemoPerson {
  username: string;
  name: string;
  role: Role;
  unit: string;
  agentNo: string | null;
  /** What texts tell customers. */
  phone?: string;
}

const managers = (unit: string, first: number, names: readonly string[]): DemoPerson[] =>
  names.map((name, i) => ({
    username: `m${String(first + i).padStart(2, '0')}`,
    name,
    role: 'manager',
    unit,
    agentNo: String(2030 + first + i),
    phone: `139 0000 ${2030 + first + i}`,
  }));

export const PEOPLE: readonly DemoPerson[] = [
  ...managers('jl1', 1, ['林晓雯', '赵敏', '沈佳', '唐薇']),
  ...managers('jl2', 5, ['蒋欣怡', '孟凡', '魏然', '邵颖']),
  ...managers('bj1', 9, ['罗琪', '陆晨', '许诺', '贺文静']),
  { username: 'planner1', name: '顾明哲', role: 'planner', unit: 'province', agentNo: null },
  { username: 'planner2', name: '方圆', role: 'planner', unit: 'jinling', agentNo: null },
  { username: 'supervisor1', name: '韩雪梅', role: 'supervisor', unit: 'province', agentNo: null },
  { username: 'supervisor2', name: '郑宏', role: 'supervisor', unit: 'jinling', agentNo: null },
  { username: 'client1', name: '周启明', role: 'client', unit: 'province', agentNo: null },
];

export const DISTRICTS: Record<string, { city: string; districts: readonly string[] }> = {
  jl1: { city: '金陵市', districts: ['鼓楼区', '玄武区', '秦淮区'] },
  jl2: { city: '金陵市', districts: ['建邺区', '栖霞区', '江宁区'] },
  bj1: { city: '滨江市', districts: ['滨湖区', '梁溪区', '新吴区', '锡山区'] },
};

/** What the demo's lines have: `from` the star level it is usual for. */
export const PACKAGES = [
  { code: 'TC239', name: '5G 畅享融合 239 元', fen: 23_900, from: 6, gb: 100, minutes: 1500 },
  { code: 'TC199', name: '5G 畅享融合 199 元', fen: 19_900, from: 5, gb: 60, minutes: 1000 },
  { code: 'TC169', name: '5G 畅享 169 元', fen: 16_900, from: 4, gb: 50, minutes: 800 },
  { code: 'TC129', name: '5G 畅享 129 元', fen: 12_900, from: 3, gb: 40, minutes: 500 },
  { code: 'TC99', name: '天翼乐享 99 元', fen: 9_900, from: 2, gb: 20, minutes: 300 },
  { code: 'TC59', name: '天翼乐享 59 元', fen: 5_900, from: 1, gb: 8, minutes: 100 },
  { code: 'TC39', name: '4G 飞 Young 39 元', fen: 3_900, from: 0, gb: 5, minutes: 0 },
] as const;
