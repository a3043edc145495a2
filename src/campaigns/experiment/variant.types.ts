import type { Script } from '../script/script.types.js';

/** A script that is tried besides the campaign's own (CAM-10). `percent` of the customers hear it, whole numbers, 1–99. */
export interface Variant {
  name: string;
  percent: number;
  script: Script;
}
