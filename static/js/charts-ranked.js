// A list of the most: a name, its count, and a bar as long as the count.

import { drawing, svg } from "./charts-svg.js";
import { h } from "./dom.js";
import { number } from "./format.js";

const BAR_PX = 7;

/** `rows`: [{ name, count, chosen, pick }], the most first; a row whose `pick` is missing cannot be chosen. */
export function rankedList(rows, width) {
  const most = Math.max(...rows.map(({ count }) => count), 1);
  return h("ol", { class: "chart-ranked" }, ...rows.map((row) => h("li", {}, line(row, most, width))));
}

function line({ name, count, chosen, pick }, most, width) {
  const bar = drawing(width, BAR_PX,
    svg("rect", { width, height: BAR_PX, class: "chart-ground" }),
    svg("rect", { width: Math.max(2, (count / most) * width), height: BAR_PX, class: "chart-length" }));
  const words = [h("span", { class: "name", dir: "auto" }, name), h("span", { class: "chart-total" }, number(count)), bar];
  if (!pick) return h("div", { class: "chart-rank" }, ...words);
  return h("button", { type: "button", class: "chart-rank", "aria-pressed": String(Boolean(chosen)), onclick: pick }, ...words);
}
