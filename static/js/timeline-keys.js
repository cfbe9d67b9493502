// Keys on the two handles of the timeline. Each is a native range input over the bins of all the data, so that arrows, page
// keys, Home and End work as on any slider; the rest is told by #time-keys.

import { startOf } from "./timeline-bins.js";

const ALONG = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

export function wireKeys(timeline) {
  timeline.ends.forEach((input, k) => {
    input.addEventListener("input", () => moveEdge(timeline, input, k));
    input.addEventListener("keydown", (event) => key(timeline, event, k));
  });
}

function moveEdge(timeline, input, k) {
  timeline.stop();
  const at = startOf(+input.value + timeline.binOf(timeline.axis.first), timeline.bins.unit);
  if (k) timeline.setLast(at);
  else timeline.setFirst(at);
  timeline.reveal(timeline.window[k]);
}

function key(timeline, event, k) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { axis } = timeline;
  const along = ALONG[event.key];
  const edge = Math.max(axis.from, Math.min(axis.to, timeline.window[k]));
  if (event.shiftKey && along) slide(timeline, along, k);
  else if (event.key === "+" || event.key === "=") timeline.zoomBy(1, edge);
  else if (event.key === "-") timeline.zoomBy(-1, edge);
  else if (event.key === "[") timeline.panAxis(axis.from - axis.span / 4);
  else if (event.key === "]") timeline.panAxis(axis.from + axis.span / 4);
  else if (event.key === "0") timeline.zoomAxis(Infinity);
  else return;
  event.preventDefault();
}

/** The whole window by one bin. */
function slide(timeline, along, k) {
  timeline.stop();
  if (!timeline.chosen) return;
  const { from } = timeline.chosen;
  timeline.slideFrom(timeline.chosen, from, startOf(timeline.binOf(from) + along, timeline.bins.unit));
  timeline.reveal(timeline.window[k]);
}
