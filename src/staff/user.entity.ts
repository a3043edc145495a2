import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Locale } from '../platform/i18n/catalogue.js';
import type { Role } from './staff.types.js';

@Entity({ schema: 'staff', name: 'app_user' })
export class User {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column({ type: 'text' })
  username!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  role!: Role;

  @Column({ name: 'org_unit_id', type: 'bigint' })
  orgUnitId!: string;

  /** argon2id; null: nobody can log in with this account. */
  @Column({ name: 'password_hash', type: 'text', nullable: true })
  passwordHash!: string | null;

  @Column({ name: 'agent_no', type: 'text', nullable: true, unique: true })
  agentNo!: string | null;

  /** Told to customers as it is written here. */
  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  /** Calls a day. */
  @Column({ name: 'daily_capacity', type: 'integer', default: 60 })
  dailyCapacity!: number;

  @Column({ type: 'boolean', default: true })
  active!: boolean;

  /** The account of an API token. */
  @Column({ type: 'boolean', default: false })
  technical!: boolean;

  @Column({ type: 'text', default: 'zh' })
  locale!: Locale;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
