import { v7 } from 'uuid';

/** Database identities arrive as text (bigint does not fit a JavaScript number) and stay text. */
export type Id = string;

/**
 * A uuid v7 (RFC 9562) made from the moment of contact, not of insertion: the big tables are range-partitioned by it.
 * In SQL: `platform.uuid_v7(ts)`.
 */
export const uuidAt = (moment: Date): Id => v7({ msecs: moment.getTime() });
