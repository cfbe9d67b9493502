// How many likely duplicates wait, in the header of every page.

import { ask, wasAborted } from "./api.js";
import { number } from "./format.js";

const FIRST_MS = 600; // what the page itself shows comes first
const AGAIN_MS = 2_000; // while the server is still comparing
const MOST_TIMES = 30;

function show(count) {
  for (const node of document.querySelectorAll("[data-duplicates]")) {
    node.textContent = number(count);
    node.hidden = !count;
  }
}

async function refresh(times) {
  try {
    const { count, left } = await ask("/duplicates/count.json", { kind: "duplicates" });
    show(count);
    if (left && times < MOST_TIMES && !document.hidden) setTimeout(refresh, AGAIN_MS, times + 1);
  } catch (error) {
    if (!wasAborted(error)) console.info("likely duplicates are not counted:", error.message);
  }
}

setTimeout(refresh, FIRST_MS, 0);
