// What the page shows, in one object that is also the link: the address always opens the same view again.

import { reader } from "./filters/reading.js";

/** No filter of any kind. `types`, `subTypes` null: all; a list: those; `types` empty: none. */
export const NO_FILTERS = Object.freeze({
  from: null, to: null, dates: "", types: null, subTypes: null, q: "", status: "", precision: "", near: null, polygon: null,
  country: [], admin1: "", source: [], actor: "", fatalities: 0,
});
const STATUSES = ["draft", "reviewed", "rejected"];
const PRECISIONS = ["exact", "near", "admin2", "admin1", "region"];
const UNITS = ["day", "week", "month", "year"];

/**
 * The state of an address. Parts that an older, broken or foreign link has wrong are left out, the rest holds;
 * `left` says in words what was left out.
 * - `from`, `to`: days, both included, or both null; `dates` "surely": the whole of an event's dates lies between them.
 * - `near`: {lon, lat, km, around}, the last the name of its middle as the link tells it; `polygon`: [[lon, lat], …] without the closing corner.
 * - Of the page alone, no filters: `view` {zoom, lat, lon}, `box` [w, s, e, n] to open at, `unit`, `axis` {from, to}
 *   (days that the timeline is stretched over), `heat`, `charts`, `event` (the id of the open one).
 */
export function parse(search, knownTypes) {
  const read = reader(search);
  const interval = read.interval("datetime");
  const axis = read.interval("axis");
  const country = read.countries("country");
  const admin1 = read.text("admin1", 100);
  const circle = read.circle("near");
  const around = read.text("around", 100);
  const types = read.list("type").filter((name) => name === "none" || read.checked(knownTypes.includes(name), "type", name));
  return {
    view: read.view("map"),
    box: read.box("bbox"),
    from: interval?.from ?? null,
    to: interval?.to ?? null,
    dates: read.oneOf(["surely"], "dates", ["possibly"]),
    types: types.includes("none") ? [] : types.length ? types : null,
    subTypes: nullIfEmpty(read.list("sub_type")),
    q: read.text("q", 200),
    status: read.oneOf(STATUSES, "status"),
    precision: read.oneOf(PRECISIONS, "precision"),
    near: circle && { ...circle, around },
    polygon: read.ring("polygon"),
    country,
    admin1: admin1 && read.checked(country.length > 0, "admin1", admin1) ? admin1 : "", // a province is one of a country
    source: read.whole("source", 200),
    actor: read.text("actor", 200),
    fatalities: read.count("fatalities"),
    unit: read.oneOf(UNITS, "unit"),
    axis,
    heat: read.flag("heat"),
    charts: read.flag("charts"),
    event: read.text("event", 200) || null,
    left: read.left(),
  };
}

/** The filters as the server's parameters (OGC's names); no bbox. */
export function filterParams(state) {
  const params = new URLSearchParams();
  const add = (name, value) => value && params.append(name, value);
  if (state.from) add("datetime", `${state.from}/${state.to}`);
  if (state.from) add("dates", state.dates);
  for (const name of state.types || []) add("type", name);
  for (const name of state.subTypes || []) add("sub_type", name);
  add("q", state.q.trim());
  add("status", state.status);
  add("precision", state.precision);
  if (state.near) add("near", [round(state.near.lon, 5), round(state.near.lat, 5), state.near.km].join(","));
  if (state.polygon) add("polygon", state.polygon.flat().map((value) => round(value, 5)).join(","));
  for (const code of state.country) add("country", code);
  add("admin1", state.admin1);
  for (const name of state.source) add("source", name);
  add("actor", state.actor.trim());
  if (state.fatalities) add("fatalities", String(state.fatalities));
  return params;
}

/** The search part of the address that `parse` reads this state from. */
export function link(state) {
  const params = new URLSearchParams();
  if (state.view) params.set("map", `${round(state.view.zoom, 2)}/${round(state.view.lat, 5)}/${round(state.view.lon, 5)}`);
  for (const [name, value] of filterParams(state)) params.append(name, value);
  if (state.types && !state.types.length) params.set("type", "none");
  if (state.near?.around) params.set("around", state.near.around);
  if (state.unit) params.set("unit", state.unit);
  if (state.axis) params.set("axis", `${state.axis.from}/${state.axis.to}`);
  if (state.heat) params.set("heat", "1");
  if (state.charts) params.set("charts", "1");
  if (state.event) params.set("event", state.event);
  const text = params.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

export const hasFilters = (state) => Boolean(state.types || filterParams(state).size);

/** Whether no type is chosen: the server reads "no type" as all of them. */
export const showsNone = (state) => Boolean(state.types && !state.types.length);

const round = (value, digits) => Number(value.toFixed(digits));
const nullIfEmpty = (list) => (list.length ? list : null);
