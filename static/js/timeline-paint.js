// Drawing the timeline on its canvas: bars, axis, and where in the whole the visible stretch lies.

import { fromDay, month } from "./format.js";
import { startOf } from "./timeline-bins.js";
import { ticksOf } from "./timeline-ticks.js";

export const BARS_PX = 56; // the tallest bar ends 6 px below the top; the labels stand below
const STRIP_PX = 3;
const INK = {
  light: { on: "#0b5cad", onPale: "#9fc3e6", off: "#8d9dae", offPale: "#ced7df", axis: "#7d858d", text: "#565e67", year: "#1b1f23", strip: "#dcdfe3" },
  dark: { on: "#7cb8f5", onPale: "#35597c", off: "#566879", offPale: "#303b46", axis: "#78838d", text: "#a9b4be", year: "#eef1f4", strip: "#333c45" },
};

/**
 * `bins`: { unit, start (number of the first bin), surely, possibly }; `chosen`: [day, day after the last], or null for all.
 * Solid is what surely happened in a bin, pale above it what only may have; `surelyOnly`: the pale is not chosen.
 */
export function paintTimeline(canvas, axis, bins, chosen, { theme, surelyOnly }) {
  const width = canvas.clientWidth;
  const ratio = window.devicePixelRatio || 1;
  if (!width) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
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
    paintLabels(context, axis, width, ink);
    if (!axis.whole) paintStrip(context, axis, width, canvas.clientHeight, ink);
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

/** Labels from left to right; none touches the one before, and the left edge says its own date where that is not clear. */
function paintLabels(context, axis, width, ink) {
  const { ticks, unit } = ticksOf(axis, width);
  const label = (text, x, strong) => {
    context.font = `${strong ? "600 " : ""}12px Inter, system-ui, sans-serif`;
    context.fillStyle = strong ? ink.year : ink.text;
    context.fillText(text, x, BARS_PX + 15);
    return x + context.measureText(text).width;
  };
  let free = 0;
  const edge = unit === "year" ? "" : month(fromDay(Math.ceil(axis.from)));
  context.font = "600 12px Inter, system-ui, sans-serif";
  const room = edge ? context.measureText(edge).width + 12 : 0;
  const named = ticks.find(({ strong }) => strong);
  if (edge && (!named || axis.x(named.day, width) > room)) free = label(edge, 0, true) + 12;
  for (const { day, text, strong } of ticks) {
    const x = axis.x(day, width);
    context.font = `${strong ? "600 " : ""}12px Inter, system-ui, sans-serif`;
    const fits = x >= free && x + context.measureText(text).width <= width;
    context.fillStyle = ink.axis;
    context.fillRect(Math.round(x), BARS_PX, 1, fits ? 5 : 3);
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
