// What is known no closer than an area: its extent, with a small badge on the outline that says how much happened in it.

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
  const { area, text } = item;
  context.beginPath();
  context.roundRect(hit.x - hit.wide / 2, hit.y - 8.5, hit.wide, 17, 8.5);
  context.fillStyle = inks.ink.halo;
  context.globalAlpha = 0.9;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colourOf(area, inks);
  context.lineWidth = 1.2;
  context.setLineDash([2.5, 2]);
  context.stroke();
  context.setLineDash([]);
  if (area.event) {
    stamp(area.event, hit.x, hit.y, 4.5);
    return;
  }
  context.font = `550 11px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = inks.ink.faint;
  context.fillText(text, hit.x, hit.y + 0.5);
}

/** In place of a badge for which there is no room. */
export function paintDot(context, area, { x, y }, inks) {
  context.beginPath();
  context.arc(x, y, 3, 0, 2 * Math.PI);
  context.fillStyle = colourOf(area, inks);
  context.fill();
  context.strokeStyle = inks.ink.halo;
  context.lineWidth = 1.2;
  context.stroke();
}

/** The colour of the type that makes up more than half; grey where none does. */
function colourOf({ types, count }, inks) {
  const most = Object.keys(types).find((name) => types[name] > count / 2);
  return most ? inks.colour(most) : inks.ink.other;
}
