// What the parts of the story page share: words for precisions, colours of types, the voice for screen readers.

import { h, safeHref } from "./dom.js";
import { country, day } from "./format.js";

let ids = 0;
/** An id that no other element of the page has. */
export const freshId = (name) => `${name}-${(ids += 1)}`;

/** Says something to a screen reader. */
export function say(text) {
  const live = document.getElementById("story-says");
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 60);
}

/** "Kherson Oblast, Ukraine": what tells a place from its namesakes. */
export function placeContext(place) {
  const parts = [place.admin2, place.admin1, country(place.country)].filter(Boolean);
  return [...new Set(parts)].filter((part) => part !== place.name).join(", ");
}

export const PRECISIONS = {
  exact: "Exact",
  near: "Near (within 25 km)",
  admin2: "Somewhere in the district",
  admin1: "Somewhere in the province",
  region: "Somewhere in the region",
  country: "Somewhere in the country",
};
export const DATE_PRECISIONS = { day: "Day", week: "Week", month: "Month", season: "Season", year: "Year" };

/** The colour of a type for light and dark, as a CSS value. */
export const typeColour = (type) => (type ? `light-dark(${type.colour}, ${type.colour_dark})` : "var(--muted)");

/** A short label for a state of review. */
export const STATUS_WORDS = { draft: "Draft", reviewed: "Reviewed", rejected: "Discarded" };

/** `text` cut at a word to about `most` characters. */
export function shorten(text, most) {
  const flat = text.replace(/\s+/g, " ").trim();
  return flat.length <= most ? flat : `${flat.slice(0, most).replace(/\s+\S*$/, "")}…`;
}

/** Who published a story, when, and where it can be read. */
export function sourceLine(source) {
  const parts = [];
  if (source.publisher) parts.push(source.publisher);
  if (source.published) parts.push(`published ${day(source.published)}`);
  const href = safeHref(source.url);
  if (href) parts.push(h("a", { href, rel: "noopener noreferrer", target: "_blank" }, new URL(href).hostname));
  return parts.flatMap((part, at) => (at ? [" · ", part] : [part]));
}
