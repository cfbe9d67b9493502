// The heat map: how many events lie near each spot, as a surface of even colours. Counts of cells are spread to a smooth
// hill each (three box blurs come close to a Gaussian), and divided by the ground that a pixel covers, so that the colours
// mean the same at every latitude: events per 100 km².

import { latOf, worldPx, worldX, worldY } from "./mercator.js";
import { metresPerPixel } from "../view.js";
import { ramp } from "./ramp.js";

const COARSE_PX = 4; // side of a square of the surface, in pixels of the map
const BLUR_PX = 13; // half-width of a box; three of them spread a cell over about 40 px to each side
const DECADES = 2.6; // the scale reaches from the densest place down by 10 to this power
const FADE_IN = 0.16; // share of the ramp over which the surface comes up from nothing
const STRONGEST = 210; // opacity of 255: the ground's borders and coasts stay to be seen
const SQUARE_M2 = 100e6; // 100 km²

/**
 * The surface of `cells` [{ worldX, worldY, count }] for a drawing { left, top, wide, high, zoom } (pixels of the world):
 * { canvas, wide, high, top } to be drawn that large, with `top` the density at the end of the ramp in events per 100 km²; null where there is nothing.
 */
export function surface(cells, { left, top, wide, high, zoom }, theme) {
  const [columns, rows] = [Math.ceil(wide / COARSE_PX), Math.ceil(high / COARSE_PX)];
  const density = new Float32Array(columns * rows);
  if (!spread(density, columns, rows, cells, left, top, zoom)) return null;
  blur(density, columns, rows, Math.round(BLUR_PX / COARSE_PX));
  perArea(density, columns, rows, top, zoom);
  const most = niceAbove(density.reduce((found, value) => Math.max(found, value), 0));
  return { canvas: coloured(density, columns, rows, most, theme), wide: columns * COARSE_PX, high: rows * COARSE_PX, top: most };
}

/** The share of the ramp, 0 to 1, that a density has when the ramp ends at `top`. */
export const shareOf = (value, top) => Math.max(0, 1 + Math.log10(value / top) / DECADES);

/** Cells of `/map/grid` with their positions worked out once. */
export function heatCells({ lon, lat, count }) {
  return lon.map((x, k) => ({ worldX: worldX(x), worldY: worldY(lat[k]), count: count[k] }));
}

function spread(density, columns, rows, cells, left, top, zoom) {
  const width = worldPx(zoom);
  let any = false;
  for (let copy = Math.floor(left / width); copy <= Math.floor((left + columns * COARSE_PX) / width); copy += 1) {
    for (const { worldX: x, worldY: y, count } of cells) {
      // Shared out over the four squares around, or a cell's hill would jump as the map is dragged.
      const column = ((x + copy) * width - left) / COARSE_PX - 0.5;
      const row = (y * width - top) / COARSE_PX - 0.5;
      const [i, j] = [Math.floor(column), Math.floor(row)];
      if (i < 0 || j < 0 || i >= columns - 1 || j >= rows - 1) continue;
      const [a, b] = [column - i, row - j];
      const at = j * columns + i;
      density[at] += count * (1 - a) * (1 - b);
      density[at + 1] += count * a * (1 - b);
      density[at + columns] += count * (1 - a) * b;
      density[at + columns + 1] += count * a * b;
      any = true;
    }
  }
  return any;
}

function blur(field, columns, rows, radius) {
  const spare = new Float32Array(Math.max(columns, rows));
  for (let pass = 0; pass < 3; pass += 1) {
    for (let row = 0; row < rows; row += 1) boxed(field, spare, row * columns, 1, columns, radius);
    for (let column = 0; column < columns; column += 1) boxed(field, spare, column, columns, rows, radius);
  }
}

/** A running mean along one row or column: what lies outside counts as nothing. */
function boxed(field, spare, start, step, length, radius) {
  for (let k = 0; k < length; k += 1) spare[k] = field[start + k * step];
  const share = 1 / (2 * radius + 1);
  let sum = 0;
  for (let k = 0; k < Math.min(radius, length); k += 1) sum += spare[k];
  for (let k = 0; k < length; k += 1) {
    if (k + radius < length) sum += spare[k + radius];
    if (k - radius > 0) sum -= spare[k - radius - 1];
    field[start + k * step] = Math.max(0, sum * share);
  }
}

/** Events per square of the surface become events per 100 km². */
function perArea(density, columns, rows, top, zoom) {
  for (let row = 0; row < rows; row += 1) {
    const lat = latOf((top + (row + 0.5) * COARSE_PX) / worldPx(zoom));
    const side = COARSE_PX * metresPerPixel(lat, zoom);
    const factor = SQUARE_M2 / (side * side);
    for (let k = row * columns; k < (row + 1) * columns; k += 1) density[k] *= factor;
  }
}

function coloured(density, columns, rows, most, theme) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  const picture = context.createImageData(columns, rows);
  const colours = ramp(theme);
  for (let k = 0; k < density.length; k += 1) {
    const share = density[k] > 0 ? shareOf(density[k], most) : 0;
    if (!share) continue;
    const [red, green, blue] = colours[Math.min(255, Math.round(share * 255))];
    picture.data.set([red, green, blue, STRONGEST * Math.min(1, share / FADE_IN)], k * 4);
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** The 1, 2 or 5 times a power of ten at or above `value`: the scale keeps still while the map is dragged a little. */
export function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return [1, 2, 5, 10].map((times) => times * power).find((nice) => nice >= value * 0.9999) ?? 10 * power;
}

/** Values to write beside the ramp, and where on it: the powers of ten that it holds. */
export function marks(top) {
  const found = [];
  for (let power = 10 ** Math.floor(Math.log10(top)); shareOf(power, top) > 0.04; power /= 10) found.push({ value: power, share: shareOf(power, top) });
  return found.reverse();
}
