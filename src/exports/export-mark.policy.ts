import { dayOf, minuteOfDay } from '../kernel/day.js';

/** The watermark of a file (SYS-2): which export it is, who took it out, when. */
export interface ExportMark {
  id: string;
  staffNo: string;
  name: string;
  at: Date;
}

const two = (n: number): string => String(n).padStart(2, '0');
const clockOf = (at: Date): [string, string] => [two(Math.floor(minuteOfDay(at) / 60)), two(minuteOfDay(at) % 60)];

/** `E1024`: what people say and search for. */
export const numberOf = (id: string): string => `E${id}`;

/** `E1024 · 9001 林晓雯 · 2026-11-24 10:05` */
export const markText = ({ id, staffNo, name, at }: ExportMark): string =>
  `${numberOf(id)} · ${staffNo} ${name} · ${dayOf(at)} ${clockOf(at).join(':')}`;

const UNSAFE = /[\p{Cc}\p{Cf}\\/:*?"<>|]+/gu;

/** `客户经理漏斗-9001-20261124-1005-E1024.xlsx` */
export const markedName = (title: string, { id, staffNo, at }: ExportMark, format: string): string =>
  `${`${title}-${staffNo}-${dayOf(at).replaceAll('-', '')}-${clockOf(at).join('')}-${numberOf(id)}`.replace(UNSAFE, '_')}.${format}`;
