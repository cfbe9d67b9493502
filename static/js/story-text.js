// The story's text with the words of each event marked. Offsets are code points, as the server counts; JavaScript
// counts UTF-16 units, so the text is cut by code points here and nowhere else.

import { h } from "./dom.js";
import { typeColour } from "./story-dom.js";

const ROLES = { quote_span: "quote", when_span: "when", place_span: "where", trigger_span: "what" };

/** A text that can be cut at code points. */
export class Points {
  constructor(text) {
    this.list = Array.from(text);
    this.length = this.list.length;
  }

  cut(start, end) {
    return this.list.slice(start, end).join("");
  }

  of(span) {
    return span ? this.cut(span.start, span.end) : "";
  }
}

/** Pieces of the text between the borders of all spans; each names the events and roles that cover it. */
export function pieces(length, events) {
  const borders = new Set([0, length]);
  const spans = [];
  events.forEach((event, index) => {
    for (const [field, role] of Object.entries(ROLES)) {
      const span = event[field];
      if (!span || span.start >= span.end || span.end > length) continue;
      spans.push({ ...span, index, role });
      borders.add(span.start).add(span.end);
    }
  });
  const sorted = [...borders].sort((a, b) => a - b);
  spans.sort((a, b) => a.start - b.start);
  const begins = new Map();
  for (const { role, start, index } of spans) {
    if (role === "quote") begins.set(start, [...(begins.get(start) || []), index]);
  }
  const found = [];
  let next = 0;
  let open = [];
  for (let at = 0; at + 1 < sorted.length; at += 1) {
    const [start, end] = [sorted[at], sorted[at + 1]];
    open = open.filter((span) => span.end > start);
    for (; next < spans.length && spans[next].start <= start; next += 1) open.push(spans[next]);
    found.push({
      start,
      end,
      begins: begins.get(start) || [],
      events: [...new Set(open.map((span) => span.index))],
      roles: new Set(open.map((span) => span.role)),
    });
  }
  return found;
}

/** Draws the text into `node`. `act` = { open(index), light(index or null) }. */
export function drawText(node, points, events, types, act) {
  const parts = [];
  for (const piece of pieces(points.length, events)) {
    for (const index of piece.begins) parts.push(chip(index, events[index], types, act));
    const text = points.cut(piece.start, piece.end);
    if (!piece.events.length) {
      parts.push(h("span", { "data-start": String(piece.start) }, text));
      continue;
    }
    const live = piece.events.filter((index) => events[index].status !== "rejected");
    const first = live.length ? live[0] : piece.events[0];
    const mark = h("mark", {
      class: ["words", ...[...piece.roles].filter((role) => role !== "quote"), live.length ? "" : "gone"].join(" ").trim(),
      "data-start": String(piece.start),
      "data-events": piece.events.join(" "),
      onclick: () => { if (!String(getSelection())) act.open(first); },
      onmouseenter: () => act.light(first),
      onmouseleave: () => act.light(null),
    }, text);
    mark.style.setProperty("--type", typeColour(types.get(events[first].event_type)));
    parts.push(mark);
  }
  node.replaceChildren(...parts);
}

function chip(index, event, types, act) {
  const button = h("button", {
    type: "button",
    class: `chip${event.status === "rejected" ? " gone" : ""}`,
    "aria-label": `Event ${index + 1}: ${event.title || event.event_type}`,
    "data-chip": String(index),
    onclick: () => act.open(index),
    onfocus: () => act.light(index),
    onblur: () => act.light(null),
    onmouseenter: () => act.light(index),
    onmouseleave: () => act.light(null),
  }, String(index + 1));
  button.style.setProperty("--type", typeColour(types.get(event.event_type)));
  return button;
}

/** Lights the words of one event, or none. */
export function lightWords(node, index) {
  for (const mark of node.querySelectorAll("mark, .chip")) {
    const mine = mark.dataset.chip === undefined
      ? mark.dataset.events.split(" ").includes(String(index))
      : mark.dataset.chip === String(index);
    mark.classList.toggle("lit", index !== null && mine);
  }
}

/** The span that a person has selected in `node`, without spaces at its ends, or null. */
export function selectedSpan(node, points) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!node.contains(range.startContainer) || !node.contains(range.endContainer)) return null;
  let start = offsetOf(node, range.startContainer, range.startOffset);
  let end = offsetOf(node, range.endContainer, range.endOffset);
  while (start < end && !points.list[start].trim()) start += 1;
  while (end > start && !points.list[end - 1].trim()) end -= 1;
  return start < end ? { start, end } : null;
}

/** The code point of the text at a DOM position. The pieces hold the whole text in order; chips are no part of it. */
function offsetOf(root, container, offset) {
  const piece = container.nodeType === Node.TEXT_NODE ? container.parentElement.closest("[data-start]") : null;
  if (piece) return Number(piece.dataset.start) + Array.from(container.data.slice(0, offset)).length;
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(container, offset);
  const copy = before.cloneContents();
  for (const button of copy.querySelectorAll(".chip")) button.remove();
  return Array.from(copy.textContent).length;
}

/** Keeps `button` beside the words that are selected in `text`, and hidden while none are; `signal` ends it. */
export function followSelection(text, points, button, signal) {
  const follow = () => {
    button.hidden = !selectedSpan(text, points);
    if (button.hidden) return;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    button.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 240))}px`;
    button.style.top = `${Math.max(8, Math.min(box.bottom + 6, innerHeight - 110))}px`;
  };
  document.addEventListener("selectionchange", follow, { signal });
  document.addEventListener("scroll", () => button.hidden || follow(), { signal, capture: true, passive: true });
  button.addEventListener("mousedown", (press) => press.preventDefault());
}
