// What the page shows, in one object that is also the link: the address always opens the same view again.

export const NO_FILTERS = { from: null, to: null, types: null, q: "", status: "", precision: "" };
const STATUSES = new Set(["", "draft", "reviewed", "rejected"]);
const PRECISIONS = new Set(["", "exact", "near", "admin2", "admin1", "region"]);
const UNITS = new Set(["", "day", "week", "month", "year"]);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether text is a day of the calendar; Date.parse alone takes 30 February for 1 March. */
const isDay = (text) => {
  const time = DAY.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const oneOf = (allowed, value) => (allowed.has(value) ? value : "");

/**
 * The state of an address. Parts that an older or broken link has wrong are left out, the rest holds.
 * `types` null: all; an empty list: none. `from`, `to`: days, both included, or both null.
 */
export function parse(search, knownTypes) {
  const given = new URLSearchParams(search);
  const [zoom, lat, lon] = (given.get("map") || "").split("/").map(Number);
  const placed = given.has("map") && [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 90;
  const [from, to] = (given.get("datetime") || "").split("/");
  const dated = isDay(from) && isDay(to || "") && from <= to;
  const types = given.getAll("type").flatMap((value) => value.split(","));
  const known = types.filter((name) => knownTypes.includes(name));
  return {
    view: placed ? { zoom: Math.min(22, Math.max(0, zoom)), lat, lon } : null,
    from: dated ? from : null,
    to: dated ? to : null,
    types: types.includes("none") ? [] : known.length ? known : null,
    q: (given.get("q") || "").slice(0, 200),
    status: oneOf(STATUSES, given.get("status") || ""),
    precision: oneOf(PRECISIONS, given.get("precision") || ""),
    unit: oneOf(UNITS, given.get("unit") || ""),
    event: given.get("event") || null,
  };
}

/** The filters as the server's parameters (OGC's names); no bbox. */
export function filterParams(state) {
  const params = new URLSearchParams();
  if (state.from) params.set("datetime", `${state.from}/${state.to}`);
  for (const name of state.types || []) params.append("type", name);
  if (state.q.trim()) params.set("q", state.q.trim());
  if (state.status) params.set("status", state.status);
  if (state.precision) params.set("precision", state.precision);
  return params;
}

/** The search part of the address that `parse` reads this state from. */
export function link(state) {
  const params = new URLSearchParams();
  if (state.view) params.set("map", `${round(state.view.zoom, 2)}/${round(state.view.lat, 5)}/${round(state.view.lon, 5)}`);
  for (const [name, value] of filterParams(state)) params.append(name, value);
  if (state.types && !state.types.length) params.set("type", "none");
  if (state.unit) params.set("unit", state.unit);
  if (state.event) params.set("event", state.event);
  const text = params.toString().replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}

export const hasFilters = (state) =>
  Boolean(state.from || state.types || state.q.trim() || state.status || state.precision);

const round = (value, digits) => Number(value.toFixed(digits));
