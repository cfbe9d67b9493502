// Clusters: circles whose area grows with their count, with a ring of the types in the order of the legend.

import { FONT, tinyNumber } from "./ink.js";

const ROOMY_PX = 17; // from this radius on the count has more than one place inside
const TEXT_PX = 11; // height of the count's figures, with a little air
const MOST_WIDTHS = 5_000;
const RIM = [[0, -1], [0, 1], [-0.9, -0.6], [0.9, -0.6], [-0.9, 0.6], [0.9, 0.6]]; // places of a plate, in radii

/** The circle and its ring, below the names of the basemap. */
export function paintCluster(context, { item, x, y }, inks) {
  const { cluster, radius } = item;
  const ring = ringOf(radius);
  context.beginPath();
  context.arc(x, y, radius + 1, 0, 2 * Math.PI);
  context.fillStyle = inks.ink.disc;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = inks.ink.halo;
  context.stroke();
  paintRing(context, x, y, radius, ring, cluster, inks);
}

/** The shares of the types in `cluster`'s count, clockwise from the top. */
function paintRing(context, x, y, radius, ring, { types, count }, inks) {
  let angle = -Math.PI / 2;
  context.lineWidth = ring;
  for (const name of inks.inOrder(types)) {
    const next = angle + (types[name] / count) * 2 * Math.PI;
    context.beginPath();
    context.arc(x, y, radius - ring / 2, angle, next);
    context.strokeStyle = inks.colour(name);
    context.stroke();
    angle = next;
  }
}

/** A small circle for a key, with up to three of the types that are shown. */
export function ringSample(context, x, y, radius, names, inks) {
  const types = Object.fromEntries(names.slice(0, 3).map((name) => [name, 1]));
  paintRing(context, x, y, radius, 3.5, { types, count: Object.keys(types).length || 1 }, inks);
}

const ringOf = (radius) => Math.max(3.5, radius * 0.2);

/**
 * The count, above the names: inside the circle where no name stands there (`room.free(left, top, right, bottom)` on the
 * canvas), else on a small plate on its rim, where there is room for that.
 */
export function paintCount(context, { item, x, y }, inks, room) {
  const { cluster, radius } = item;
  const text = tinyNumber(cluster.count);
  const inner = 2 * (radius - ringOf(radius)) - 1;
  let size = radius >= 24 ? 13 : radius >= ROOMY_PX ? 12 : 11;
  let wide = measured(context, text, size);
  if (wide > inner) {
    size = Math.max(9.5, (size * inner) / wide);
    wide = measured(context, text, size);
  }
  const box = ([dx, dy], more = 0) => [x + dx - wide / 2 - more, y + dy - TEXT_PX / 2, x + dx + wide / 2 + more, y + dy + TEXT_PX / 2];
  const inside = radius < ROOMY_PX ? [[0, 0.5]] : [[0, 0.5], [0, -radius * 0.38], [0, radius * 0.4]];
  const within = inside.find((place) => room.free(...box(place)));
  const rim = within ? null : RIM.map((place) => place.map((part) => part * radius)).find((place) => room.free(...box(place, 4)));
  const [dx, dy] = within || rim || [0, -radius];
  room.take(...box([dx, dy], within ? 0 : 4));
  context.font = fontOf(size);
  context.textAlign = "center";
  context.textBaseline = "middle";
  if (within) written(context, text, x + dx, y + dy, inks);
  else onPlate(context, text, x + dx, y + dy, wide, inks);
}

const fontOf = (size) => `650 ${size}px ${FONT}`;
const widths = new Map(); // of texts at TEXT_PX; setting a font and measuring took a third of a drawing
document.fonts.addEventListener("loadingdone", () => widths.clear());

function measured(context, text, size) {
  if (!widths.has(text)) {
    if (widths.size > MOST_WIDTHS) widths.clear();
    context.font = fontOf(TEXT_PX);
    widths.set(text, context.measureText(text).width);
  }
  return (widths.get(text) * size) / TEXT_PX;
}

function written(context, text, x, y, inks) {
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = inks.ink.halo;
  context.fillStyle = inks.ink.plate;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

function onPlate(context, text, x, y, wide, inks) {
  context.beginPath();
  context.roundRect(x - wide / 2 - 4, y - 7, wide + 8, 14, 7);
  context.fillStyle = inks.ink.halo;
  context.fill();
  context.strokeStyle = inks.ink.other;
  context.lineWidth = 0.8;
  context.stroke();
  context.fillStyle = inks.ink.plate;
  context.fillText(text, x, y + 0.5);
}
