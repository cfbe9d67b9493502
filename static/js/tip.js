// The line or two beside the pointer: what lies under it.

import { byId, h } from "./dom.js";
import { number, placeDoubt, placeName, plural, when } from "./format.js";

/** Shows what `item` of the layer is, near `point` of the map (pixels); hides the tip where it is null. */
export function showTip(map, item, point) {
  const tip = byId("tip");
  tip.hidden = !item;
  if (!item) return;
  tip.replaceChildren(...linesOf(item));
  const { x, y } = map.getSize();
  tip.style.left = `${Math.min(point.x + 14, x - tip.offsetWidth - 8)}px`;
  tip.style.top = `${point.y + tip.offsetHeight + 24 > y ? point.y - tip.offsetHeight - 12 : point.y + 16}px`;
}

function linesOf(item) {
  if (item.kind === "event") return eventLines(item.event);
  if (item.kind === "area") return item.area.event ? eventLines(item.area.event) : areaLines(item.area);
  return [h("b", {}, plural(item.cluster.count, "event")), mixLine(item.cluster)];
}

function eventLines(event) {
  const title = event.title || event.sub_type || event.type;
  const doubt = event.radius_m > 0 ? [h("span", {}, placeDoubt(event))] : [];
  return [h("b", { dir: "auto" }, title), h("span", {}, `${when(event)} · ${placeName(event)}`), ...doubt];
}

function areaLines(area) {
  const place = area.place || "this area";
  const known = h("span", { dir: "auto" }, `known only to lie in ${place}`);
  return [h("b", {}, plural(area.count, "event")), known, mixLine(area)];
}

/** The three most frequent types. */
function mixLine({ types }) {
  const most = Object.entries(types).sort((one, other) => other[1] - one[1]).slice(0, 3);
  return h("span", {}, most.map(([name, count]) => `${number(count)} ${name}`).join(", "));
}
