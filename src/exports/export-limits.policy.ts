/** A sheet of Excel ends here, header included. */
export const XLSX_ROWS = 1_048_575;
/** The table may grow between the approval and the making of the file, by calls and orders of the day; more than this is another export. */
const GROWTH = 1.1;
const SMALL_GROWTH = 100;

/** Whether the file would hold clearly more than the second person let go. */
export const hasGrown = (approved: number, now: number): boolean => now > Math.max(approved * GROWTH, approved + SMALL_GROWTH);
