export type DeliveryState = 'waiting' | 'delivered' | 'dead';

/** Where things are told to. Address and secret are never told. */
export interface Endpoint {
  id: string;
  host: string;
  events: string[];
  orgUnit: string;
  orgName: string;
  active: boolean;
  /** The first failure since something arrived. */
  failingSince: Date | null;
  /** It went off by itself. */
  disabledAt: Date | null;
  createdAt: Date;
  /** Of the last delivery. */
  lastState: DeliveryState | null;
  lastAt: Date | null;
}

export interface Delivery {
  /** Also the `webhook-id` of each of its tries. */
  id: string;
  event: string;
  state: DeliveryState;
  tries: number;
  /** Of the last try. */
  status: number | null;
  answer: string | null;
  reason: string | null;
  body: string;
  createdAt: Date;
  triedAt: Date | null;
  endedAt: Date | null;
}

export interface Target {
  url: string;
  secret: string;
}

export const TEST_EVENT = 'webhook.test';
