// Drawing the timeline on its canvas: bars, axis, and where in the whole the visible stretch lies.

import { fromDay, month } from "./format.js";
import { startOf } from "./timeline-bins.js";
import { ticksOf } from "./timeline-ticks.js";

export const BARS_PX = 56; // the tallest bar ends 6 px below the top; the labels stand below
const LABELS_PX = 18;
const STRIP_PX = 3;
const INK = {
  light: { on: "#0b5cad", onPale: "#9fc3e6", off: "#8d9dae", offPale: "#ced7df", axis: "#7d858d", text: "#565e67", year: "#1b1f23", strip: "#dcdfe3" },
  dark: { on: "#7cb8f5", onPale: "#35597c", off: "#566879", offPale: "#303b46", axis: "#78838d", text: "#a9b4be", year: "#eef1f4", strip: "#333c45" },
};

/**
 * `bins`: { unit, start (number of the first bin), surely, possibly }; `chosen`: [day, day after the last], or null for all.
 * `width`, `height` of the canvas in CSS pixels. Solid is what surely happened in a bin, pale above it what only may have;
 * `surelyOnly`: the pale is not chosen.
 */
export function paintTimeline(canvas, axis, bins, chosen, { width, height, theme, surelyOnly }) {
  const ratio = window.devicePixelRatio || 1;
  if (!width) return;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext("2d");
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const ink = INK[theme];
  if (!axis.empty) {
    const bars = barsOf(axis, bins, width, ratio);
    const [a, b] = chosen ? chosen.map((day) => axis.x(day, width)) : [0, width];
    fill(context, bars, ink.off, ink.offPale);
    context.save();
    context.beginPath();
    context.rect(a, 0, b - a, BARS_PX);
    context.clip();
    context.clearRect(a, 0, b - a, BARS_PX);
    fill(context, bars, ink.on, surelyOnly ? ink.offPale : ink.onPale);
    context.restore();
    context.drawImage(labels(axis, width, ink, ratio), 0, BARS_PX, width, LABELS_PX);
    if (!axis.whole) paintStrip(context, axis, width, height, ink);
  }
  context.fillStyle = ink.axis;
  context.fillRect(0, BARS_PX, width, 1);
}

/** The bars in sight, in pixels; all share the height of the tallest among them. */
function barsOf(axis, { unit, start, surely, possibly }, width, ratio) {
  const seen = [];
  for (let k = 0; k < possibly.length; k += 1) {
    if (!possibly[k]) continue;
    const x = axis.x(startOf(start + k, unit), width);
    const end = axis.x(startOf(start + k + 1, unit), width);
    if (end > 0 && x < width) seen.push({ x, end, sure: surely[k], all: possibly[k] });
  }
  const tallest = seen.reduce((most, { all }) => Math.max(most, all), 1);
  const high = (count) => (count ? Math.max(2, (count / tallest) * (BARS_PX - 6)) : 0);
  return seen.map(({ x, end, sure, all }) => {
    const [left, right] = [Math.round(x * ratio), Math.round(end * ratio)]; // whole pixels: bars of one width look so
    const wide = right - left > 5 * ratio ? right - left - Math.max(1, Math.round(ratio)) : Math.max(right - left, Math.round(1.5 * ratio));
    return { x: left / ratio, wide: wide / ratio, sure: high(sure), all: high(all) };
  });
}

function fill(context, bars, solid, pale) {
  context.fillStyle = pale;
  for (const { x, wide, sure, all } of bars) if (all > sure) context.fillRect(x, BARS_PX - all, wide, all - sure);
  context.fillStyle = solid;
  for (const { x, wide, sure } of bars) if (sure) context.fillRect(x, BARS_PX - sure, wide, sure);
}

const kept = { key: "", picture: null };

/** The labels of an axis as a picture, drawn anew only when the axis moves: setting a font makes the page lay itself out. */
function labels(axis, width, ink, ratio) {
  const key = [axis.from, axis.to, width, ink.text, ratio].join();
  if (kept.key === key) return kept.picture;
  const picture = new OffscreenCanvas(Math.round(width * ratio), Math.round(LABELS_PX * ratio));
  const context = picture.getContext("2d");
  context.scale(ratio, ratio);
  paintLabels(context, axis, width, ink);
  Object.assign(kept, { key: document.fonts.status === "loaded" ? key : "", picture });
  return picture;
}

/** Labels from left to right; none touches the one before, and the left edge says its own date where that is not clear. */
function paintLabels(context, axis, width, ink) {
  const { ticks, unit } = ticksOf(axis, width);
  const wide = (text, strong) => {
    context.font = `${strong ? "600 " : ""}12px Inter, system-ui, sans-serif`;
    return context.measureText(text).width;
  };
  const label = (text, x, strong) => {
    const end = x + wide(text, strong);
    context.fillStyle = strong ? ink.year : ink.text;
    context.fillText(text, x, 15);
    return end;
  };
  let free = 0;
  const edge = unit === "year" ? "" : month(fromDay(Math.ceil(axis.from)));
  const named = ticks.find(({ strong }) => strong);
  if (edge && (!named || axis.x(named.day, width) > wide(edge, true) + 12)) free = label(edge, 0, true) + 12;
  for (const { day, text, strong } of ticks) {
    const x = axis.x(day, width);
    const fits = x >= free && x + wide(text, strong) <= width;
    context.fillStyle = ink.axis;
    context.fillRect(Math.round(x), 0, 1, fits ? 5 : 3);
    if (fits) free = label(text, x, strong) + 12;
  }
}

/** A thin bar under the labels: the whole time there is, and the stretch of it that is in sight. */
function paintStrip(context, axis, width, height, ink) {
  const share = (number) => ((number - axis.first) / (axis.last - axis.first)) * width;
  const from = share(axis.from);
  context.fillStyle = ink.strip;
  context.fillRect(0, height - STRIP_PX, width, STRIP_PX);
  context.fillStyle = ink.axis;
  context.fillRect(from, height - STRIP_PX, Math.max(8, share(axis.to) - from), STRIP_PX);
}
