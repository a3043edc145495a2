import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { Day } from '../kernel/day.js';
import type { CustomerClass, CustomerStatus, Gender, Tier } from './customers.types.js';

/** The row of customers.customer. */
@Entity({ schema: 'customers', name: 'customer' })
export class CustomerEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text', { name: 'customer_no', nullable: true, unique: true })
  customerNo!: string | null;

  @Column('text', { nullable: true })
  name!: string | null;

  /** What the name is found by besides itself, see {@link initialsOf}. */
  @Column('text', { name: 'name_initials', nullable: true })
  nameInitials!: string | null;

  @Column('text', { nullable: true })
  gender!: Gender | null;

  @Column('smallint', { name: 'star_level' })
  starLevel!: number;

  @Column('text', { nullable: true })
  tier!: Tier | null;

  @Column('text')
  class!: CustomerClass;

  @Column('text', { nullable: true })
  province!: string | null;

  @Column('text', { nullable: true })
  city!: string | null;

  @Column('text', { nullable: true })
  district!: string | null;

  @Column('smallint', { name: 'birth_year', nullable: true })
  birthYear!: number | null;

  @Column('smallint', { name: 'birth_month', nullable: true })
  birthMonth!: number | null;

  @Column('smallint', { name: 'birth_day', nullable: true })
  birthDay!: number | null;

  @Column('text', { name: 'birth_calendar' })
  birthCalendar!: 'solar' | 'lunar';

  @Column('boolean', { name: 'birth_leap' })
  birthLeap!: boolean;

  @Column('boolean', { name: 'birth_told' })
  birthTold!: boolean;

  @Column('date', { name: 'joined_on', nullable: true })
  joinedOn!: Day | null;

  @Column('text')
  status!: CustomerStatus;

  @Column('boolean', { name: 'sms_consent', nullable: true })
  smsConsent!: boolean | null;

  @Column('boolean', { name: 'call_consent', nullable: true })
  callConsent!: boolean | null;

  @Column('bigint', { name: 'manager_id', nullable: true })
  managerId!: string | null;

  @Column('bigint', { name: 'org_unit_id' })
  orgUnitId!: string;

  /** The customer this one turned out to be. */
  @Column('bigint', { name: 'merged_into', nullable: true })
  mergedInto!: string | null;

  @Column('timestamptz', { name: 'merged_at', nullable: true })
  mergedAt!: Date | null;

  @Column('timestamptz', { name: 'erased_at', nullable: true })
  erasedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
