import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Day } from '../kernel/day.js';
import type { Assignment, CallWindow, CampaignKind, CampaignState, LimitHours, Script, SmsStep, Variant } from './campaigns.types.js';

const fraction = {
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
  to: (value: number | null): number | null => value,
};

/** The row of campaigns.campaign. */
@Entity({ schema: 'campaigns', name: 'campaign' })
export class CampaignEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text', { unique: true })
  code!: string;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: CampaignKind;

  @Column('text')
  state!: CampaignState;

  @Column('text', { nullable: true })
  goal!: string | null;

  @Column('date', { name: 'starts_on' })
  startsOn!: Day;

  @Column('date', { name: 'ends_on', nullable: true })
  endsOn!: Day | null;

  @Column('boolean')
  standing!: boolean;

  @Column('bigint', { name: 'segment_id', nullable: true })
  segmentId!: string | null;

  @Column('jsonb', { nullable: true })
  filter!: object | null;

  @Column('jsonb')
  script!: Script;

  @Column('jsonb')
  variants!: Variant[];

  @Column('smallint', { name: 'max_attempts' })
  maxAttempts!: number;

  @Column('integer', { name: 'min_gap_minutes' })
  minGapMinutes!: number;

  @Column('integer', { name: 'first_dial_hours' })
  firstDialHours!: number;

  @Column('integer', { name: 'completion_hours', nullable: true })
  completionHours!: number | null;

  @Column('text', { name: 'limit_hours' })
  limitHours!: LimitHours;

  @Column('bigint', { name: 'wave_of', nullable: true })
  waveOf!: string | null;

  @Column('smallint')
  wave!: number;

  @Column('text', { name: 'wave_take', array: true })
  waveTake!: string[];

  @Column('smallint', { name: 'most_together', nullable: true })
  mostTogether!: number | null;

  @Column('bigint', { name: 'exclude_segment_ids', array: true })
  excludeSegmentIds!: string[];

  @Column('jsonb', { name: 'exclude_filter', nullable: true })
  excludeFilter!: object | null;

  @Column('text')
  assignment!: Assignment;

  @Column('numeric', { name: 'band_lower', precision: 5, scale: 4, nullable: true, transformer: fraction })
  bandLower!: number | null;

  @Column('numeric', { name: 'band_upper', precision: 5, scale: 4, nullable: true, transformer: fraction })
  bandUpper!: number | null;

  @Column('integer', { name: 'band_min_attempts' })
  bandMinAttempts!: number;

  @Column('numeric', { name: 'holdout_percent', precision: 5, scale: 2, transformer: fraction })
  holdoutPercent!: number;

  @Column('jsonb', { name: 'call_window', nullable: true })
  callWindow!: CallWindow | null;

  @Column('jsonb', { name: 'sms_step', nullable: true })
  smsStep!: SmsStep | null;

  @Column('text', { name: 'caller_number', nullable: true })
  callerNumber!: string | null;

  @Column('text', { name: 'product_family', nullable: true })
  productFamily!: string | null;

  @Column('bigint', { name: 'org_unit_id' })
  orgUnitId!: string;

  @Column('bigint', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('integer')
  version!: number;

  @Column('timestamptz', { name: 'frozen_at', nullable: true })
  frozenAt!: Date | null;

  @Column('timestamptz', { name: 'launched_at', nullable: true })
  launchedAt!: Date | null;
}
