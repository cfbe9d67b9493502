// The words around the map in a picture: wrapped text, and the key to shapes, circles and colours.

import { number } from "./format.js";
import { ringSample } from "./layers/clusters.js";
import { HEAT_NOTE, heatScale, paintStrip } from "./layers/heat_mode.js";
import { Inks } from "./layers/ink.js";
import { drawShape } from "./shapes.js";

const ROW_PX = 22;
const GAP_PX = 20;
const MARK_PX = 20;
const STRIP_PX = 200;

/** Lines of `text` that fit `wide` pixels in the context's font; a word that is longer than a line is cut into pieces. */
export function wrapped(context, text, wide) {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean).flatMap((word) => pieces(context, word, wide))) {
    const longer = line ? `${line} ${word}` : word;
    if (line && context.measureText(longer).width > wide) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

function pieces(context, word, wide) {
  if (context.measureText(word).width <= wide) return [word];
  const found = [""];
  for (const letter of word) {
    if (context.measureText(found.at(-1) + letter).width > wide) found.push("");
    found[found.length - 1] += letter;
  }
  return found;
}

/**
 * What the key holds, each { text, draw(context, x, y), wide } with the mark's width: the types that are shown with their counts,
 * and how to read circles; or the ramp of the heat map, where `heat` is its top.
 */
export function keyItems({ styles, types, theme, heat }) {
  const inks = new Inks(styles, theme);
  const { halo } = inks.ink;
  if (heat) {
    const scale = heatScale(heat);
    return [{ text: "", wide: STRIP_PX, draw: (context, x, y) => drawStrip(context, x, y, scale, theme, inks) }];
  }
  const shown = inks.inOrder(types);
  const mark = (draw) => ({ wide: MARK_PX, draw });
  return [
    ...shown.map((name) => ({
      text: `${name} ${number(types[name])}`,
      ...mark((context, x, y) => drawShape(context, inks.shape(name), x + 8, y, 6, inks.colour(name), halo, false)),
    })),
    { text: "hollow: draft, not reviewed", ...mark((context, x, y) => drawShape(context, "circle", x + 8, y, 5, inks.ink.other, halo, true)) },
    { text: "events together, with their mix of types", ...mark((context, x, y) => ringSample(context, x + 8, y, 8, shown, inks)) },
    { text: "known only to lie inside", ...mark((context, x, y) => dashed(context, x + 8, y, 7.5, inks.ink.other)) },
  ];
}

/** Rows of items that fit `wide` pixels in the context's font: [[{ item, x }]]. */
export function keyRows(context, items, wide) {
  const rows = [[]];
  let x = 0;
  for (const item of items) {
    const size = item.wide + context.measureText(item.text).width;
    if (x && x + size > wide) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1).push({ item, x });
    x += size + GAP_PX;
  }
  return rows;
}

export const keyHeight = (rows) => rows.length * ROW_PX + (rows[0]?.[0]?.item.text === "" ? 26 : 0);

/** Draws the rows with their first one's top at y. */
export function drawKey(context, rows, x, y, ink) {
  rows.forEach((row, k) => {
    const middle = y + k * ROW_PX + ROW_PX / 2;
    for (const { item, x: left } of row) {
      item.draw(context, x + left, middle);
      context.fillStyle = ink;
      context.textAlign = "left";
      context.textBaseline = "middle";
      context.fillText(item.text, x + left + item.wide, middle + 0.5);
    }
  });
}

function drawStrip(context, x, y, { title, values }, theme, inks) {
  context.fillStyle = inks.ink.plate;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(`${title}, ${HEAT_NOTE}`, x, y);
  paintStrip(context, x, y + 11, STRIP_PX, 9, theme);
  context.fillStyle = inks.ink.faint;
  context.textAlign = "center";
  for (const { text, share } of values) context.fillText(text, x + share * STRIP_PX, y + 29);
}

function dashed(context, x, y, radius, colour) {
  context.save();
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = 1.3;
  context.setLineDash([3, 2.5]);
  context.stroke();
  context.restore();
}
