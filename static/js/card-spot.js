// The list of a spot or an area in the card: a page at a time, so that a hundred thousand events at one place are no more
// elements than fifty.

import { h } from "./dom.js";
import { number, plural } from "./format.js";
import { eventButton } from "./list.js";

/** `spot`: a cluster, or an area, whose events are kept at its middle, as may be those of a larger area around it. */
export const spotTitle = (total, { precision, count, place }) => {
  if (!precision) return `${plural(total, "event")} at this spot`;
  return total === count && place ? `${plural(total, "event")} somewhere in ${place}` : `${plural(total, "event")} known only by their area`;
};

/** The elements of a page; newest first, as the server lists them. */
export function spotParts({ total, offset, events }, styles, theme, calls, onPage) {
  const rows = events.map((event) => h("li", {}, eventButton(event, styles, theme, calls)));
  const last = offset + events.length;
  const turn = (name, to, text) => h("button", { type: "button", class: "button small", "data-turn": name, disabled: to === null, onclick: () => onPage(to) }, text);
  const pager = total > events.length
    ? h("nav", { class: "pager", "aria-label": "Pages of this list" },
      turn("newer", offset > 0 ? Math.max(0, offset - 50) : null, "Newer"),
      h("span", { class: "muted small-text" }, `${number(offset + 1)} to ${number(last)} of ${number(total)}`),
      turn("older", last < total ? last : null, "Older"))
    : null;
  return [h("ol", { class: "events" }, ...rows), pager];
}
