/**
 * The one source of the present moment. Everything that asks "what time is it" gets a Clock;
 * policies receive the instant as an argument. SQL's now() is for sessions and jobs only.
 */
export abstract class Clock {
  abstract now(): Date;
}

/** Runs with the machine, shifted by a fixed number of milliseconds (0 = the real time). */
export class SystemClock extends Clock {
  constructor(private offsetMs = 0) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** Moves the clock so that it shows `instant` right now and runs on from there. */
  startAt(instant: Date): void {
    this.offsetMs = instant.getTime() - Date.now();
  }

  get offset(): number {
    return this.offsetMs;
  }
}

/** Stands still until a test moves it. */
export class ManualClock extends Clock {
  constructor(private instant: Date) {
    super();
  }

  now(): Date {
    return new Date(this.instant);
  }

  set(instant: Date | string): void {
    this.instant = new Date(instant);
  }

  advance(milliseconds: number): void {
    this.instant = new Date(this.instant.getTime() + milliseconds);
  }
}
