// Reads an address part by part, and remembers in words what it could not use.

import { ringOf } from "./ring.js";

const HALF_ROUND_KM = 20_037; // half of the equator: no circle is larger
const MOST_VALUES = 50; // of one repeated part; more is no link that a person made
const EARLIEST = "0001-01-01";
const LATEST = "9999-12-31";
const FOREIGN = /^(utm_|fbclid$|gclid$|mc_)/; // what newsletters and networks hang on every link
const WORDS = {
  map: "view", bbox: "view", datetime: "dates", dates: "kind of dates", type: "event type", sub_type: "sub-type", q: "words", status: "status",
  precision: "exactness of places", near: "circle", around: "name of a circle", polygon: "drawn area", country: "country", admin1: "province", source: "source",
  actor: "actor", fatalities: "number of deaths", unit: "bars of the timeline", axis: "stretch of the timeline", heat: "density",
  charts: "charts", event: "event",
};

/** Whether text is a day of the calendar; Date.parse alone takes 30 February for 1 March. */
export function isDay(text) {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The first or last day of "2023", "2023-05", "2023-05-09" or of an instant; null where it is none of them. */
function dayOf(text, last) {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$/.exec(text) || [];
  if (!year) return null;
  if (day) return isDay(`${year}-${month}-${day}`) ? `${year}-${month}-${day}` : null;
  if (month && !(Number(month) >= 1 && Number(month) <= 12)) return null;
  if (!last) return `${year}-${month || "01"}-01`;
  const end = new Date(Date.UTC(2000, month ? Number(month) : 12, 0));
  end.setUTCFullYear(Number(year), month ? Number(month) : 12, 0);
  return end.toISOString().slice(0, 10);
}

const numbersOf = (text) => text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
const isPlace = (lon, lat) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

/** Each method reads one part of the address, marks it as known and gives its value, or what stands for none. */
export function reader(search) {
  const given = new URLSearchParams(search);
  const known = new Set();
  const wrong = [];
  const all = (name) => {
    known.add(name);
    return given.getAll(name).slice(0, MOST_VALUES);
  };
  const one = (name) => all(name).at(-1)?.trim() || "";
  const refuse = (name, value) => {
    wrong.push(`${WORDS[name]} “${value.length > 40 ? `${value.slice(0, 40)}…` : value}”`);
    return null;
  };
  const checked = (good, name, value) => good || Boolean(refuse(name, value));

  return {
    checked,
    text: (name, most) => one(name).slice(0, most),
    flag: (name) => one(name) === "1",
    list: (name) => [...new Set(all(name).flatMap((value) => value.split(",")).map((value) => value.trim()).filter(Boolean))],
    /** Values that may hold commas themselves. */
    whole: (name, most) => [...new Set(all(name).map((value) => value.trim().slice(0, most)).filter(Boolean))],
    oneOf: (allowed, name, meaningless = []) => {
      const value = one(name);
      if (!value || meaningless.includes(value)) return "";
      return checked(allowed.includes(value), name, value) ? value : "";
    },
    count: (name) => {
      const value = one(name);
      if (!value) return 0;
      return checked(/^\d{1,7}$/.test(value), name, value) ? Number(value) : 0;
    },
    countries: (name) => [...new Set(all(name).flatMap((value) => value.split(",")).filter((code) => code && checked(/^[A-Za-z]{2}$/.test(code), name, code)).map((code) => code.toUpperCase()))],
    view: (name) => {
      const value = one(name);
      if (!value) return null;
      const [zoom, lat, lon] = value.split("/").map((part) => (part ? Number(part) : NaN));
      const good = [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 90;
      return good ? { zoom: Math.min(22, Math.max(0, zoom)), lat, lon } : refuse(name, value);
    },
    box: (name) => {
      const value = one(name);
      if (!value) return null;
      const numbers = numbersOf(value);
      const [west, south, east, north] = numbers;
      return numbers.length === 4 && isPlace(west, south) && isPlace(east, north) && south <= north ? numbers : refuse(name, value);
    },
    /** {from, to} of an ISO 8601 interval, day, month or year; an open end reaches as far as days go. */
    interval: (name) => {
      const value = one(name);
      if (!value || value === "../.." || value === "/") return null;
      const [first, last = first] = value.split("/");
      const open = (text) => text === "" || text === "..";
      const from = open(first) ? EARLIEST : dayOf(first, false);
      const to = open(last) ? LATEST : dayOf(last, true);
      return from && to && from <= to ? { from, to } : refuse(name, value);
    },
    circle: (name) => {
      const value = one(name);
      if (!value) return null;
      const numbers = numbersOf(value);
      const [lon, lat, km] = numbers;
      const good = numbers.length === 3 && isPlace(lon, lat) && km > 0 && km <= HALF_ROUND_KM;
      return good ? { lon, lat, km } : refuse(name, value);
    },
    ring: (name) => {
      const value = one(name);
      return value ? ringOf(numbersOf(value)) || refuse(name, value) : null;
    },
    left: () => [...wrong, ...[...new Set(given.keys())].filter((name) => !known.has(name) && !FOREIGN.test(name)).slice(0, 8).map((name) => `“${name.slice(0, 40)}”`)],
  };
}

/** Open ends of an interval as the days that the store really has. */
export function closed({ from, to }, first, last) {
  return { from: from === EARLIEST ? (first ?? from) : from, to: to === LATEST ? (last ?? to) : to };
}
