// Each active filter in a few words, with what takes it away.

import { country, number, plural, range } from "../format.js";

const STATUS = { draft: "Drafts", reviewed: "Reviewed", rejected: "Rejected" };
const PRECISION = { exact: "Exact places", near: "Places to 25 km", admin2: "District known", admin1: "Province known", region: "Region known" };
const FEW = 2; // so many types are named; more are counted

/**
 * [{ text, off }]: `off` are the changes of the state without that filter. `taxonomy`: {types: names, leaves: names of
 * sub-types and of types, which stand for their events without one}. `nameOf(circle)`: what it is around.
 */
export function filterWords(state, taxonomy, nameOf) {
  const found = [];
  const add = (text, off) => found.push({ text, off });
  if (state.from) add(`${state.dates === "surely" ? "Surely " : ""}${range(state.from, state.to)}`, { from: null, to: null, dates: "" });
  for (const word of typeWords(state, taxonomy)) add(word, { types: null, subTypes: null });
  if (state.q.trim()) add(`“${state.q.trim()}”`, { q: "" });
  if (state.near) add(`Within ${number(state.near.km)} km of ${nameOf(state.near)}`, { near: null });
  if (state.polygon) add(`Drawn area, ${plural(state.polygon.length, "corner")}`, { polygon: null });
  for (const code of state.country) {
    const rest = state.country.filter((other) => other !== code);
    add(country(code), { country: rest, admin1: rest.length ? state.admin1 : "" });
  }
  if (state.admin1) add(state.admin1, { admin1: "" });
  if (state.status) add(STATUS[state.status], { status: "" });
  if (state.precision) add(PRECISION[state.precision], { precision: "" });
  for (const name of state.source) add(`Source: ${name}`, { source: state.source.filter((other) => other !== name) });
  if (state.actor.trim()) add(`Actor: ${state.actor.trim()}`, { actor: "" });
  if (state.fatalities) add(`At least ${number(state.fatalities)} dead`, { fatalities: 0 });
  return found;
}

/** One chip for the types and sub-types together: they are one filter. */
function typeWords({ types, subTypes }, taxonomy) {
  if (types && !types.length) return ["No type"];
  if (subTypes) {
    const off = taxonomy.leaves.filter((name) => !subTypes.includes(name));
    if (!types && off.length <= FEW) return [`All but ${off.map((name) => (taxonomy.types.includes(name) ? `${name} without sub-type` : name)).join(", ")}`];
    const named = subTypes.filter((name) => !taxonomy.types.includes(name));
    return [named.length === subTypes.length && named.length <= FEW ? named.join(", ") : plural(subTypes.length, "sub-type")];
  }
  if (!types) return [];
  if (types.length <= FEW) return [types.join(", ")];
  const off = taxonomy.types.filter((name) => !types.includes(name));
  return [off.length <= FEW ? `All but ${off.join(", ")}` : `${types.length} of ${taxonomy.types.length} types`];
}
