// Drafts across stories: accept and discard by a click or a key; what was decided stays in sight and can be taken back.

import { ask } from "./api.js";
import { byId } from "./dom.js";
import { keyHelp, listenForKeys } from "./page-keys.js";
import { STATUS_WORDS, say } from "./story-dom.js";

const rows = [...document.querySelectorAll("#drafts > .draft")];
const done = []; // what was decided, the latest last: { row, before }
let at = -1;
let last = Promise.resolve(); // decisions reach the server in the order of the keys

function go(to) {
  if (!rows.length) return;
  at = Math.max(0, Math.min(rows.length - 1, to));
  for (const row of rows) row.classList.toggle("lit", row === rows[at]);
  const link = rows[at].querySelector(".draft-title a");
  link.focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

function judge(row, status) {
  const before = row.dataset.status;
  show(row, status); // shown at once: the next key is on its way
  last = last.then(() => tell(row, status, before));
  return last;
}

async function tell(row, status, before) {
  const problem = byId("draft-problem");
  try {
    await ask(`/events/${encodeURIComponent(row.dataset.id)}/status`, { method: "POST", body: { status } });
    problem.hidden = true;
    say(`${STATUS_WORDS[status]}.`);
  } catch (error) {
    show(row, before);
    problem.querySelector("p").textContent = error.message;
    problem.hidden = false;
  }
}

function show(row, status) {
  row.dataset.status = status;
  const tag = row.querySelector("[data-tag]");
  tag.className = `tag ${status}`;
  tag.textContent = STATUS_WORDS[status];
  for (const button of row.querySelectorAll("[data-status-wanted]")) {
    button.setAttribute("aria-pressed", String(button.dataset.statusWanted === status));
  }
}

/** Decides the current row and goes on; a second press takes it back. */
function decide(status, on = true) {
  if (at < 0) {
    go(0);
    return;
  }
  const row = rows[at];
  const before = row.dataset.status;
  const wanted = before === status ? "draft" : status;
  if (on && wanted !== "draft") go(at + 1);
  done.push({ row, before });
  judge(row, wanted);
}

function undo() {
  const taken = done.pop();
  if (!taken) return;
  go(rows.indexOf(taken.row));
  judge(taken.row, taken.before);
}

rows.forEach((row, index) => {
  row.addEventListener("focusin", () => { if (at !== index) { at = index; for (const other of rows) other.classList.toggle("lit", other === row); } });
  for (const button of row.querySelectorAll("[data-status-wanted]")) {
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => { at = index; decide(button.dataset.statusWanted, false); });
  }
});

if (rows.length) {
  listenForKeys({
    j: () => go(at + 1), k: () => go(at - 1), a: () => decide("reviewed"), x: () => decide("rejected"), u: undo,
    o: () => at >= 0 && location.assign(rows[at].querySelector(".draft-title a").href),
  });
  byId("page-keys-box").append(keyHelp([["j", "next draft"], ["k", "previous draft"], ["a", "accept, or take that back"], ["x", "discard, or keep again"], ["u", "undo the last"], ["o", "open in its story"]]));
}
document.body.dataset.ready = "1";
