// Small things around the map: copying the link, and the credits that fold away on a phone.

import { byId } from "./dom.js";

/** Puts the address, which holds the whole view, on the clipboard, and says whether that worked. */
export async function copyLink() {
  const said = await navigator.clipboard?.writeText(location.href).then(() => "Link copied", () => null);
  byId("live").textContent = said || "The browser did not allow copying. The address bar holds the link.";
  byId("copy-text").textContent = said || "Copy it from the address bar";
  setTimeout(() => (byId("copy-text").textContent = "Copy link"), 2500);
}

/** Open on a wide screen, folded on a narrow one. */
export function wireCredits() {
  const narrow = matchMedia("(max-width: 760px)");
  const fit = () => (byId("credits").open = !narrow.matches);
  fit();
  narrow.addEventListener("change", fit);
}
