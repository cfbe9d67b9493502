// Small things around the map: the address, copying it, the credits that fold away on a phone, and when a frame is painted.

import { byId } from "./dom.js";
import { say } from "./live.js";

/** Puts the address, which holds the whole view, on the clipboard, and says whether that worked. */
export async function copyLink() {
  const said = await navigator.clipboard?.writeText(location.href).then(() => "Link copied", () => null);
  say(said || "The browser did not allow copying. The address bar holds the link.");
  byId("copy-text").textContent = said || "Copy it from the address bar";
  setTimeout(() => (byId("copy-text").textContent = "Copy link"), 2500);
}

/** The credits and the long list of types: open on a wide screen, folded on a narrow one. */
export function wireFolds() {
  const narrow = matchMedia("(max-width: 760px)");
  const fit = () => (byId("credits").open = byId("kinds").open = !narrow.matches);
  fit();
  narrow.addEventListener("change", fit);
}

const ADDRESS_MS = 160; // browsers let an address change 200 times in half a minute, some of them 100

/** Keeps the address of the page the link of what it shows, without writing it at each move of a brush. */
export class Address {
  /** `search()`: the search part of the link as it is now. */
  constructor(search) {
    this.search = search;
    this.last = -Infinity;
    addEventListener("pagehide", () => this.now());
  }

  keep() {
    clearTimeout(this.timer);
    const wait = this.last + ADDRESS_MS - performance.now();
    if (wait <= 0) this.now();
    else this.timer = setTimeout(() => this.now(), wait);
  }

  /** Writes the address, and gives it. */
  now() {
    clearTimeout(this.timer);
    this.last = performance.now();
    history.replaceState(null, "", this.search() || location.pathname);
    return location.href;
  }
}

/** Marks the time when what was just changed has been painted. */
export function painted(name) {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => performance.mark(name);
    channel.port2.postMessage(null); // comes after the frame's own work
  });
}
