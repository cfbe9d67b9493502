// The feed of what is shown: the link in the Share menu, and the one in the page's head that feed readers look for.

import { byId } from "./dom.js";

/** `params` are the server's of what is shown; `none`: nothing is, and there is no feed of that. */
export function showFeed(params, none) {
  const address = `/feeds/events.atom${params.size ? `?${params}` : ""}`;
  const anchor = byId("feed");
  anchor.setAttribute("aria-disabled", String(none));
  if (none) anchor.removeAttribute("href");
  else anchor.href = byId("feed-link").href = address;
}
