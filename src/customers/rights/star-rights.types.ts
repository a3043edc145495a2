export interface StarRight {
  code: string;
  labelZh: string;
  labelEn: string;
  /** Times a year; null: whenever it is needed. */
  perYear: number | null;
}

/** What happened to one right of a star: it is new, it is gone, or it may be used more or less often. */
export interface RightChange {
  code: string;
  what: 'added' | 'removed' | 'changed';
  labelZh: string;
  labelEn: string;
  /** Times a year before and after; null: whenever it is needed, or there was none. */
  before: number | null;
  after: number | null;
}

/** One change of a star's rights, for the history. */
export interface RightsChange {
  at: Date;
  by: string;
  changes: RightChange[];
}
