// The line or two beside the pointer: what lies under it.

import { byId, h } from "./dom.js";
import { placeName, plural, when } from "./format.js";

/** Shows what `item` of the layer is, near `point` of the map (pixels); hides the tip where it is null. */
export function showTip(map, item, point) {
  const tip = byId("tip");
  tip.hidden = !item;
  if (!item) return;
  tip.replaceChildren(...(item.kind === "event" ? eventLines(item.event) : clusterLines(item.cluster)));
  const { x, y } = map.getSize();
  tip.style.left = `${Math.min(point.x + 14, x - tip.offsetWidth - 8)}px`;
  tip.style.top = `${point.y + tip.offsetHeight + 24 > y ? point.y - tip.offsetHeight - 12 : point.y + 16}px`;
}

function eventLines(event) {
  const title = event.title || event.sub_type || event.type;
  return [h("b", { dir: "auto" }, title), h("span", {}, `${when(event)} · ${placeName(event)}`)];
}

function clusterLines({ count, types }) {
  const most = Object.entries(types).sort((one, other) => other[1] - one[1]).slice(0, 3);
  return [h("b", {}, plural(count, "event")), h("span", {}, most.map(([name, number]) => `${number} ${name}`).join(", "))];
}
