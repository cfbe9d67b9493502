// Small parts of the charts in SVG: elements, bars over an axis of days, and its labels.

import { ticksOf } from "./timeline-ticks.js";

const SVG = "http://www.w3.org/2000/svg";

/** `svg("rect", { x: 1 }, child)`; attributes that are null are left out. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
}

/** A canvas of SVG for eyes only: what it shows is in words beside it and in the table behind it. */
export const drawing = (width, height, ...children) =>
  svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", focusable: "false" }, ...children);

/** Days from `from` up to (not with) `to` across `width` pixels. */
export class Days {
  constructor(from, to, width) {
    Object.assign(this, { from, to, width, span: Math.max(1, to - from) });
  }

  x(day) {
    return ((day - this.from) / this.span) * this.width;
  }

  at(x) {
    return this.from + (Math.max(0, Math.min(this.width - 0.01, x)) / this.width) * this.span;
  }
}

/** One path of bars: [{ from, to, low, high }] in pixels, `low` and `high` measured from the bottom of `height`. */
export function bars(list, height, fill) {
  const round = (value) => Math.round(value * 100) / 100;
  const part = ({ from, to, low, high }) => {
    const gap = to - from > 5 ? 0.5 : to - from > 3 ? 0.25 : 0;
    const wide = Math.max(1, to - from - 2 * gap);
    return `M${round(from + gap)} ${round(height - low)}h${round(wide)}v${round(low - high)}h${round(-wide)}z`;
  };
  return svg("path", { d: list.filter(({ low, high }) => high > low).map(part).join(""), fill });
}

/** The labels under the bars; none touches another or the edge. */
export function dayLabels(days, height) {
  const group = svg("g", { class: "chart-days" });
  let free = 0;
  for (const { day, text, strong } of ticksOf(days, days.width).ticks) {
    const x = days.x(day);
    const wide = text.length * 6.6;
    const fits = x >= free && x + wide <= days.width;
    group.append(svg("path", { d: `M${Math.round(x) + 0.5} 0v${fits ? 5 : 3}` }));
    if (!fits) continue;
    const label = svg("text", { x, y: height - 2, class: strong ? "strong" : null });
    label.textContent = text;
    group.append(label);
    free = x + wide + 8;
  }
  return group;
}
