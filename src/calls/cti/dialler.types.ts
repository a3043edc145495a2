/** How calls are placed: chosen by the setting `CTI`. */
export const DIALLER_CODES = ['tel', 'simulator'] as const;
export type DiallerCode = (typeof DIALLER_CODES)[number];

/** The chosen one's code, from the configuration. */
export const DIALLER_CODE = Symbol('starcare:dialler-code');

/** A call to place. The gate has said yes to it. */
export interface DialRequest {
  /** The call's name: events of the telephone system carry it as `call`. */
  id: string;
  /** E.164 */
  number: string;
  /** Who calls, as the switch knows her; null: no agent number is known. */
  agentNo: string | null;
  /** The number to show; null: the system's own. */
  callerNumber: string | null;
}

/**
 * The port to a telephone system. What becomes of a call comes back as signed events at `POST /api/v1/cti/events`, never as an answer of `dial`.
 */
export interface Dialler {
  readonly code: DiallerCode;
  /**
   * Where the agent's own device places the call: an address to open, such as `tel:+8613800138000`. Without it StarCare asks the system, by `dial`.
   */
  href?(number: string): string;
  /** Asks the system to place the call; resolves when it has taken the order, rejects when it has not. Asked once for each call. */
  dial(request: DialRequest): Promise<void>;
}
