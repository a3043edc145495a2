/** What an administrator decides for all customers. */
export interface CustomerSettings {
  /** Callers may ask for the ID-card number in an outbound call. Off unless somebody decides otherwise (CUS-2). */
  askIdCard: boolean;
}

export const DEFAULTS: CustomerSettings = { askIdCard: false };
