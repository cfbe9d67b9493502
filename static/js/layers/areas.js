// What is known no closer than an area: its extent, with a small badge on the outline that says how much happened in it.

import { shortNumber } from "../format.js";
import { FONT } from "./ink.js";
import { paintExtent } from "./points.js";

const TINTED = 12; // up to so many areas in view each has a tint
const FAINT = 8; // with more than so many the outlines grow fainter
const LARGE_PX = 150;

/** Outlines, under everything else. */
export function paintAreas(context, drawn, inks) {
  const areas = drawn.filter(({ item }) => item.kind === "area");
  const share = Math.max(0.25, Math.min(1, FAINT / areas.length));
  for (const { item, x, y, size } of areas) {
    const tint = areas.length <= TINTED && size < LARGE_PX ? 0.07 : 0;
    paintExtent(context, x, y, size, colourOf(item.area, inks), tint, (size < LARGE_PX ? 0.55 : 0.4) * share);
  }
}

/** One area in full, while it is pointed at or chosen. */
export function paintLitArea(context, { item, x, y, size }, inks) {
  paintExtent(context, x, y, size, colourOf(item.area, inks), 0.14, 0.9, 1.8);
}

/** The badge: a plate with a broken edge, as no point of the map is meant. */
export function paintBadge(context, { item, hit }, inks, stamp) {
  const { area } = item;
  const text = area.event ? "" : shortNumber(area.count, 1000);
  context.font = `600 11px ${FONT}`;
  const wide = Math.max(20, context.measureText(text).width + 12);
  context.beginPath();
  context.roundRect(hit.x - wide / 2, hit.y - 9, wide, 18, 9);
  context.fillStyle = inks.ink.halo;
  context.fill();
  context.strokeStyle = colourOf(area, inks);
  context.lineWidth = 1.3;
  context.setLineDash([3, 2]);
  context.stroke();
  context.setLineDash([]);
  if (area.event) {
    stamp(area.event, hit.x, hit.y, 4.5);
    return;
  }
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = inks.ink.plate;
  context.fillText(text, hit.x, hit.y + 0.5);
}

/** The colour of the type that makes up more than half; grey where none does. */
function colourOf({ types, count }, inks) {
  const most = Object.keys(types).find((name) => types[name] > count / 2);
  return most ? inks.colour(most) : inks.ink.other;
}
