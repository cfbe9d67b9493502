// Single events in the shape of their type, from pictures drawn once: thousands of paths a frame would be felt.

import { drawShape } from "../shapes.js";
import { metresPerPixel } from "../view.js";

const LARGE_PX = 150; // larger circles are outlines until they are chosen: a tint over half the map says nothing
const MANY = 40; // with more circles than this in view they grow fainter
const LEAST_ALPHA = 0.12;

export const symbolRadius = (zoom) => (zoom < 6 ? 5 : zoom < 9 ? 6 : 7);

/** Pictures of shapes, kept for as long as theme and resolution stay. */
export class Stamps {
  constructor() {
    this.key = "";
    this.pictures = new Map();
  }

  draw(context, inks, event, x, y, radius, ratio) {
    const hollow = event.status === "draft";
    const key = `${inks.theme} ${ratio}`;
    if (this.key !== key) this.pictures.clear();
    this.key = key;
    const name = `${event.type} ${hollow} ${radius}`;
    const side = Math.ceil(radius * 1.5) + 4;
    let picture = this.pictures.get(name);
    if (!picture) {
      picture = document.createElement("canvas");
      picture.width = picture.height = Math.ceil(2 * side * ratio);
      const made = picture.getContext("2d");
      made.scale(ratio, ratio);
      drawShape(made, inks.shape(event.type), side, side, radius, inks.colour(event.type), inks.ink.halo, hollow);
      this.pictures.set(name, picture);
    }
    // Whole pixels of the screen, or the picture would be blurred.
    const snap = (value) => Math.round((value - side) * ratio) / ratio;
    context.drawImage(picture, snap(x), snap(y), picture.width / ratio, picture.height / ratio);
  }
}

/** Circles of doubt around events that are near a place, each spot and type once; fainter where there are many. */
export function paintDoubts(context, drawn, inks, zoom) {
  const spots = new Map();
  for (const { item, x, y } of drawn) {
    if (item.kind !== "event") continue;
    const radius = item.event.radius_m / metresPerPixel(item.lat, zoom);
    if (radius >= symbolRadius(zoom) + 3) spots.set(`${Math.round(x)} ${Math.round(y)} ${item.event.type}`, { x, y, radius, type: item.event.type });
  }
  const share = Math.max(LEAST_ALPHA, Math.min(1, MANY / 4 / spots.size));
  for (const { x, y, radius, type } of spots.values()) {
    paintExtent(context, x, y, radius, inks.colour(type), spots.size > MANY || radius >= LARGE_PX ? 0 : 0.07 * share, (radius < LARGE_PX ? 0.5 : 0.28) * share);
  }
}

/** The circle that something can lie in. `fill` and `line`: opacity of each. */
export function paintExtent(context, x, y, radius, colour, fill, line, width = 1.1) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = context.strokeStyle = colour;
  context.globalAlpha = fill;
  if (fill) context.fill();
  context.globalAlpha = line;
  context.lineWidth = width;
  context.setLineDash([4, 4]);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}
