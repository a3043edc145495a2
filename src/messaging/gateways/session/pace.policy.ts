/** How much may be on the line while the other side asks for less. Halved when it says so, opened again answer by answer. */
export interface Pace {
  /** Requests without an answer at the same time; may be a fraction on its way up. */
  allowed: number;
  /** Length of the next pause. */
  pauseMs: number;
  /** Until then nothing is sent. */
  until: number;
  /** What was sent before tells nothing new about the pace. */
  slowedAt: number;
}

const FIRST_PAUSE_MS = 100;
const MOST_PAUSE_MS = 5_000;

export const fullPace = (window: number): Pace => ({ allowed: window, pauseMs: FIRST_PAUSE_MS, until: 0, slowedAt: -1 });

/** The other side sent a request of `sentAt` back. A whole window comes back for one reason: it counts once. */
export function slowed(pace: Pace, sentAt: number, now: number): Pace {
  if (sentAt <= pace.slowedAt) return pace;
  return { allowed: Math.max(1, pace.allowed / 2), pauseMs: Math.min(MOST_PAUSE_MS, pace.pauseMs * 2), until: now + pace.pauseMs, slowedAt: now };
}

/** One more was taken, so the next pause is a short one again; a window full of these opens the line by one place. */
export function taken(pace: Pace, window: number): Pace {
  if (pace.allowed >= window && pace.pauseMs === FIRST_PAUSE_MS) return pace;
  const allowed = Math.min(window, pace.allowed + 1 / pace.allowed);
  return { ...pace, allowed, pauseMs: FIRST_PAUSE_MS };
}
