import type { Day } from '../../src/kernel/day.js';

/**
 * Where the sun and the moon are, by the short formulas of Meeus, Astronomical Algorithms (2nd ed., chapters 25 and 49): good to a quarter of an hour
 * for the sun and to a few minutes for the new moon, from 2000 to 2050. Shares nothing with the library the product uses.
 */

const RADIANS = Math.PI / 180;
const sin = (degrees: number): number => Math.sin(degrees * RADIANS);
/** Dynamical time runs ahead of the clocks; 69 to 75 seconds in these years. */
const DELTA_T_MS = 71_000;
const J2000_MS = Date.parse('2000-01-01T12:00:00Z');
const julian = (at: Date): number => 2_451_545 + (at.getTime() + DELTA_T_MS - J2000_MS) / 86_400_000;
const instant = (jde: number): Date => new Date(J2000_MS + (jde - 2_451_545) * 86_400_000 - DELTA_T_MS);
const noon = (day: Day): Date => new Date(`${day}T12:00:00+08:00`);

/** The apparent longitude of the sun in degrees. */
function longitude(at: Date): number {
  const t = (julian(at) - 2_451_545) / 36_525;
  const mean = 280.46646 + 36_000.76983 * t + 0.0003032 * t * t;
  const anomaly = 357.52911 + 35_999.05029 * t - 0.0001537 * t * t;
  const centre =
    (1.914602 - 0.004817 * t - 0.000014 * t * t) * sin(anomaly) + (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly);
  return mean + centre - 0.00569 - 0.00478 * sin(125.04 - 1934.136 * t);
}

/** The instant near that day at which the sun's longitude is `degrees`. */
export function sunAt(degrees: number, near: Day): Date {
  let at = noon(near);
  for (let i = 0; i < 5; i += 1) {
    const missing = ((((degrees - longitude(at) + 540) % 360) + 360) % 360) - 180;
    at = new Date(at.getTime() + (missing / 360) * 365.2422 * 86_400_000);
  }
  return at;
}

/** The new moon nearest to that day. */
export function newMoonNear(near: Day): Date {
  const k = Math.round((julian(noon(near)) - 2_451_550.09766) / 29.530588861);
  const t = k / 1236.85;
  const e = 1 - 0.002516 * t - 0.0000074 * t * t;
  const sun = 2.5534 + 29.1053567 * k - 0.0000014 * t * t;
  const moon = 201.5643 + 385.81693528 * k + 0.0107582 * t * t;
  const latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t * t;
  const node = 124.7746 - 1.56375588 * k + 0.0020672 * t * t;
  const terms =
    -0.4072 * sin(moon) +
    0.17241 * e * sin(sun) +
    0.01608 * sin(2 * moon) +
    0.01039 * sin(2 * latitude) +
    0.00739 * e * sin(moon - sun) -
    0.00514 * e * sin(moon + sun) +
    0.00208 * e * e * sin(2 * sun) -
    0.00111 * sin(moon - 2 * latitude) -
    0.00057 * sin(moon + 2 * latitude) +
    0.00056 * e * sin(2 * moon + sun) -
    0.00042 * sin(3 * moon) +
    0.00042 * e * sin(sun + 2 * latitude) +
    0.00038 * e * sin(sun - 2 * latitude) -
    0.00024 * e * sin(2 * moon - sun) -
    0.00017 * sin(node);
  return instant(2_451_550.09766 + 29.530588861 * k + 0.00015437 * t * t + terms);
}
