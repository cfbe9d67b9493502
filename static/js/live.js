// What a screen reader is told besides what the keyboard is on. Outcomes of an action come at once; counts, which follow
// every move of the map, wait until things are still and until an outcome has had time to be read out.

import { byId } from "./dom.js";

const STILL_MS = 700;
const READ_MS = 4000;
let waiting;
let free = 0; // performance.now() from which counts may follow an outcome

/** The outcome of what somebody did: "Picture saved." */
export function say(text) {
  free = performance.now() + READ_MS;
  byId("live").textContent = text;
  if (waiting) sayCount(waiting.text);
}

/** What is shown now: only the last is said. */
export function sayCount(text) {
  clearTimeout(waiting?.timer);
  const tell = () => {
    waiting = null;
    byId("live").textContent = text;
  };
  waiting = { text, timer: setTimeout(tell, Math.max(STILL_MS, free - performance.now())) };
}
