// Bins of the timeline: days, weeks from Monday, months and years as whole numbers, counted as the server counts them.
// A day is a number too, from 1970-01-01 (0); bins and days turn into each other here and nowhere else.

import { day, fromDay, month, range } from "./format.js";

export const UNITS = ["day", "week", "month", "year"];
const DAY_MS = 86_400_000;
const DAYS_OF = { day: 1, week: 7, month: 30.44, year: 365.25 };
const LEAST_PX = 4; // a bar and its gap stay apart from the next

/** The bin that a day is in; bin 0 holds 1970-01-01. */
export function binOf(number, unit) {
  if (unit === "day") return number;
  if (unit === "week") return Math.floor((number + 3) / 7); // 1970-01-01 was a Thursday
  const date = new Date(number * DAY_MS);
  return unit === "year" ? date.getUTCFullYear() - 1970 : (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The first day of a bin; the bin after it begins where it ends. */
export function startOf(bin, unit) {
  if (unit === "day") return bin;
  if (unit === "week") return bin * 7 - 3;
  const months = unit === "year" ? bin * 12 : bin;
  const date = new Date(0);
  date.setUTCFullYear(1970 + Math.floor(months / 12), ((months % 12) + 12) % 12, 1);
  return Math.round(date.getTime() / DAY_MS);
}

export const endOf = (bin, unit) => startOf(bin + 1, unit) - 1;

/** "14 Mar 2023", "13 to 19 Mar 2023", "Mar 2023", "2023". */
export function labelOf(bin, unit) {
  const first = fromDay(startOf(bin, unit));
  if (unit === "day") return day(first);
  if (unit === "month") return month(first);
  if (unit === "year") return first.slice(0, 4);
  return range(first, fromDay(endOf(bin, unit)));
}

/** The finest unit whose bars can be told apart where so many days share a width. */
export const fittingUnit = (days, width) => UNITS.find((unit) => (days / DAYS_OF[unit]) * LEAST_PX <= width) || "year";
