import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'staff', name: 'api_token' })
export class ApiToken {
  @PrimaryColumn({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  /** session: made by a login, ends by itself; api: made by an administrator. */
  @Column({ type: 'text' })
  kind!: 'session' | 'api';

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  role!: string;

  @Column({ name: 'org_unit_id', type: 'bigint' })
  orgUnitId!: string;

  /** What it is limited to; null = everything its role may. */
  @Column({ type: 'text', nullable: true })
  scope!: 'contact' | null;

  /** Whose rights it carries. */
  @Column({ name: 'user_id', type: 'bigint' })
  userId!: string;

  @Column({ name: 'token_hash', type: 'text', unique: true })
  tokenHash!: string;

  @Column({ name: 'created_by', type: 'bigint', nullable: true })
  createdBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}
