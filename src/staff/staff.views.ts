import type { UserRow } from './staff.queries.js';
import type { Role } from './staff.types.js';

/** A person as the API shows them. */
export interface UserView {
  id: string;
  username: string;
  name: string;
  role: Role;
  /** Code of the unit. */
  orgUnit: string;
  agentNo: string | null;
  /** Where one is known. */
  phone?: string;
  dailyCapacity: number;
  active: boolean;
}

export function userView({ id, username, name, role, orgUnit, agentNo, phone, dailyCapacity, active }: UserRow): UserView {
  return { id, username, name, role, orgUnit, agentNo, ...(phone ? { phone } : {}), dailyCapacity, active };
}
