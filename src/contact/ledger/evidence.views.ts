import { shanghaiClock } from '../../kernel/day.js';

/** A sentence that is put into words by the template: catalogue key and values. */
export interface Note {
  key: string;
  params: Record<string, string | number>;
}

export const note = (key: string, params: Note['params'] = {}): Note => ({ key: `contact.evidence.${key}`, params });
export const timeOf = (at: Date): string => shanghaiClock(at).slice(0, 16).replace('T', ' ');
