// Dates, places and numbers in words. Days are ISO 8601 text (YYYY-MM-DD) and are never shifted by a time zone.

// Written by hand where that is a line: making a format of Intl's takes a browser as long as drawing the timeline.
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const BILLION = 1e9;
let regions; // made where the first country is named

const DAY_MS = 86_400_000;
export const toDay = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY_MS);
export const fromDay = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);

const dayMonth = (iso) => `${Number(iso.slice(8, 10))} ${MONTHS[iso.slice(5, 7) - 1]}`;
export const day = (iso) => `${dayMonth(iso)} ${Number(iso.slice(0, 4))}`;
export const month = (iso) => `${MONTHS[iso.slice(5, 7) - 1]} ${Number(iso.slice(0, 4))}`;

/** "1,204", "9.5": thousands set apart, three decimals at most. */
export function number(value) {
  const [whole, rest] = String(Math.round(value * 1000) / 1000).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
}

/** "842", "4.2k", "1.3M", with `digits` after the point at most, and none that is 0. */
export function compact(value, digits) {
  const in_ = (unit) => Math.round((value / unit) * 10 ** digits) / 10 ** digits;
  if (value >= BILLION / 2) return new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: digits }).format(value);
  if (in_(1000) >= 1000) return `${in_(1e6)}M`;
  return value < 1000 ? String(in_(1)) : `${in_(1000)}k`;
}

/** "1,204" up to `most`, from there on "14.6k". */
export const shortNumber = (value, most = 10_000) => (value < most ? number(value) : compact(value, 1));
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

function wholeMonth(start, end) {
  return start.endsWith("-01") && start.slice(0, 7) === end.slice(0, 7) && fromDay(toDay(end) + 1).endsWith("-01");
}

function wholeYear(start, end) {
  return start.endsWith("-01-01") && end.endsWith("-12-31") && start.slice(0, 4) === end.slice(0, 4);
}

/** "3 to 9 Nov 2023", "28 Feb to 2 Mar 2022": both ends, nothing said twice. */
export function range(start, end) {
  if (start === end) return day(start);
  if (start.slice(0, 7) === end.slice(0, 7)) return `${Number(start.slice(8))} to ${day(end)}`;
  if (start.slice(0, 4) === end.slice(0, 4)) return `${dayMonth(start)} to ${day(end)}`;
  return `${day(start)} to ${day(end)}`;
}

/** An event's date with its doubt: "11 Nov 2022", "Feb 2022", "2022", "between 3 and 9 Nov 2023", "date not known". */
export function when(event) {
  const { start, end } = event;
  if (!start) return "date not known";
  if (start === end) return day(start);
  if (wholeYear(start, end)) return start.slice(0, 4);
  if (wholeMonth(start, end)) return month(start);
  return `between ${range(start, end).replace(" to ", " and ")}`;
}

const DOUBT = {
  week: "the week is known, the day is not",
  month: "the month is known, the day is not",
  season: "the season is known, the day is not",
  year: "the year is known, the day is not",
};

/** What is not known of the date, or "" where the day is known. */
export function dateDoubt(event) {
  if (!event.start) return "";
  if (event.start === event.end) return "";
  return DOUBT[event.date_precision] || "the exact day is not known";
}

export function country(code) {
  if (!code) return "";
  regions ??= new Intl.DisplayNames(["en"], { type: "region" });
  try {
    return regions.of(code) || code;
  } catch {
    return code; // not a code of ISO 3166-1: shown as it was given
  }
}

/** "Melitopol, Zaporizhzhia, Ukraine": each part once. */
export function placeName(event) {
  if (!event.place) return "place not known";
  return joined([event.place, event.admin1, country(event.country)]);
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** Parts of a place name, each once; one that is written right to left is isolated, so that it keeps its place. */
export function joined(parts) {
  const once = [...new Set(parts.filter(Boolean))];
  return once.map((part) => (RIGHT_TO_LEFT.test(part) ? `\u2068${part}\u2069` : part)).join(", ");
}

const PRECISION = {
  exact: "exact place",
  near: "near this place",
  admin2: "district known, place in it not",
  admin1: "province known, place in it not",
  region: "somewhere in this region",
  country: "only the country is known",
};

/** How exactly the place is known, in words, with the radius that the map draws. */
export function placeDoubt(event) {
  if (!event.place) return "";
  const radius = event.radius_m > 0 ? `, within about ${distance(event.radius_m)}` : "";
  return `${PRECISION[event.precision] || event.precision}${radius}`;
}

export function distance(metres) {
  if (metres < 1000) return `${Math.round(metres)} m`;
  const km = metres / 1000;
  return `${number(km < 10 ? Math.round(km * 10) / 10 : Math.round(km))} km`;
}

/** "3 dead", "3 to 5 dead", "at least 3 dead"; "" where nothing is known. */
export function deaths(fatalities) {
  if (!fatalities) return "";
  const { low, best, high } = fatalities;
  if (best !== null) return `${number(best)} dead${low !== null && high !== null && low !== high ? ` (${low} to ${high})` : ""}`;
  if (low !== null && high !== null) return low === high ? `${number(low)} dead` : `${low} to ${high} dead`;
  if (low !== null) return `at least ${number(low)} dead`;
  return high !== null ? `at most ${number(high)} dead` : "";
}
