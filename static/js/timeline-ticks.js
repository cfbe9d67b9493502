// Which days of an axis are labelled: years, months or days, as close as their labels have room.

import { day as dayText, fromDay, month } from "./format.js";
import { binOf, startOf } from "./timeline-bins.js";

const LEAST_PX = 44; // between two labels
const YEARS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MONTHS = [1, 2, 3, 6];
const DAYS = [1, 2, 5, 10];

/** { unit, ticks: [{ day, text, strong }] }; strong: the label names its year, so that the others need not. */
export function ticksOf(axis, width) {
  const perDay = width / axis.span;
  const days = DAYS.find((step) => step * perDay >= LEAST_PX);
  if (days) return { unit: "day", ticks: dayTicks(axis, days) };
  const months = MONTHS.find((step) => step * 30.44 * perDay >= LEAST_PX);
  if (months) return { unit: "month", ticks: binTicks(axis, "month", months, monthTick) };
  const years = YEARS.find((step) => step * 365.25 * perDay >= LEAST_PX) || 1000;
  return { unit: "year", ticks: binTicks(axis, "year", years, yearTick) };
}

const yearTick = (iso) => ({ text: String(Number(iso.slice(0, 4))), strong: true });

function monthTick(iso) {
  return iso.slice(5, 7) === "01" ? yearTick(iso) : { text: month(iso).slice(0, 3), strong: false };
}

/** Every `step`th month or year, counted from the year 0, so that panning does not shift the choice. */
function binTicks(axis, unit, step, tick) {
  const perYear = unit === "year" ? 1 : 12;
  const origin = -1970 * perYear;
  const ticks = [];
  let bin = binOf(Math.ceil(axis.from), unit);
  if (startOf(bin, unit) < axis.from) bin += 1;
  bin += (step - ((((bin - origin) % step) + step) % step)) % step;
  for (; startOf(bin, unit) < axis.to; bin += step) {
    const start = startOf(bin, unit);
    ticks.push({ day: start, ...tick(fromDay(start)) });
  }
  return ticks;
}

/** Days of the month 1, 3, 5 ..., 1, 6, 11 ...; the last one before a month's end gives way to the next month's first. */
function dayTicks(axis, step) {
  const ticks = [];
  for (let number = Math.ceil(axis.from); number < axis.to; number += 1) {
    const iso = fromDay(number);
    const at = Number(iso.slice(8));
    if (at === 1) ticks.push({ day: number, text: month(iso), strong: true });
    else if ((at - 1) % step === 0 && (step === 1 || 32 - at > step / 2)) ticks.push({ day: number, text: dayText(iso).split(" ")[0], strong: false });
  }
  return ticks;
}
