// The page of an import: how far it has come, stop, go on, and what became of each file. It asks once a second.

import { ask } from "./api.js";
import { byId, h } from "./dom.js";
import { number, plural } from "./format.js";
import { counts as rowCounts, problemList, receiptLinks } from "./table-receipt.js";

const PAUSE_MS = 1000;
const LIVE = new Set(["waiting", "running"]);
let job = JSON.parse(byId("import-data").textContent);
let failures = 0;

const address = (rest) => `/imports/${encodeURIComponent(job.import_id)}${rest}`;

function say(text) {
  byId("import-says").textContent = text;
}

function complain(text) {
  const box = byId("import-problem");
  box.replaceChildren(h("p", { class: "prewrap" }, text));
  box.hidden = !text;
}

const isOneTable = () => job.files.length === 1 && Boolean(job.files[0].table_id);

function counts() {
  if (isOneTable() && !LIVE.has(job.state)) return ""; // the receipt says it
  return [
    job.table ? `${job.table}: ${plural(job.rows, "row")} read` : job.total ? `${number(job.done)} of ${number(job.total)} read` : `${number(job.done)} read`,
    plural(job.events, "event") + " found",
    job.known ? `${number(job.known)} read before` : "",
    job.problem_count ? plural(job.problem_count, "problem") : "",
  ].filter(Boolean).join(", ");
}

async function act(action, button) {
  button.disabled = true;
  try {
    const answer = await ask(address(`/${action}`), { method: "POST" });
    if (action === "remove") return location.assign("/imports");
    show(answer);
    if (action === "stop") say("Stopping.");
    if (action === "resume") watch();
  } catch (error) {
    complain(error.message);
  }
  button.disabled = false;
}

function button(action, words, style = "") {
  return h("button", { type: "button", class: `button ${style}`, onclick: (event) => act(action, event.currentTarget) }, words);
}

function actions() {
  if (LIVE.has(job.state)) return [button("stop", "Stop")];
  const isTable = job.files.some((file) => file.table_id);
  const open = isTable ? h("a", { class: "button primary", href: "/" }, "Open the map") : h("a", { class: "button primary", href: "/stories" }, "Open the stories");
  const ended = [open, h("a", { class: "button", href: "/stories/new" }, "Add more")];
  if (job.state === "done") return [...ended, button("remove", "Forget this import")];
  return [button("resume", "Go on", "primary"), h("a", { class: "button", href: "/stories" }, "Open the stories"), button("remove", "Forget this import")];
}

function showReceipt() {
  const box = byId("import-receipt");
  const { receipt } = job;
  box.hidden = !receipt;
  if (!receipt) return;
  const tables = job.files.filter((file) => file.table_id);
  const lines = [
    tables.length && !job.stories ? "" : `${plural(job.stories, "story", "stories")} read, ${plural(receipt.added, "event")} added, ${number(receipt.changed)} changed, ${number(receipt.unchanged)} unchanged.`,
    receipt.undated && !tables.length ? `${plural(receipt.undated, "event")} without a date.` : "",
    receipt.unplaced && !tables.length ? `${plural(receipt.unplaced, "event")} without a place.` : "",
    ...receipt.notes,
  ].filter(Boolean);
  box.replaceChildren(
    h("h2", { id: "receipt-title" }, "What became of it"),
    ...tables.map((file) => tableReceipt(file, tables.length > 1 ? file.name : "")),
    h("ul", { class: "import-lines" }, ...lines.map((line) => h("li", {}, isOneTable() ? ofOne(line) : line))));
}

/** A note without the name of the only table, which stands above. */
function ofOne(line) {
  const rest = line.startsWith(`${job.files[0].name}: `) ? line.slice(job.files[0].name.length + 2) : line;
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** A table's rows by what became of them, its receipt, and the way back. */
function tableReceipt(file, name) {
  const links = receiptLinks(file);
  if (file.can_undo) links.append(h("button", { type: "button", class: "button", onclick: (event) => undo(file, event.currentTarget) }, "Undo this import"));
  return h("div", { class: "table-receipt" }, name ? h("h3", {}, name) : null, rowCounts(file, job.files.length === 1 ? job.receipt : null), links);
}

/** Takes a table's import back; asked twice, as it removes events. */
async function undo(file, taking) {
  if (!taking.dataset.sure) {
    taking.dataset.sure = "yes";
    taking.textContent = `Take ${plural(file.added + file.changed, "event")} back?`;
    setTimeout(() => { delete taking.dataset.sure; if (taking.isConnected && !taking.disabled) taking.textContent = "Undo this import"; }, 6000);
    return;
  }
  taking.disabled = true;
  try {
    const undone = await ask(`/imports/tables/${encodeURIComponent(file.table_id)}/undo`, { method: "POST" });
    const stayed = undone.stayed ? ` ${plural(undone.stayed, "event")} changed since then and left as they are.` : "";
    const words = `Taken back: ${plural(undone.removed, "event")} removed, ${number(undone.restored)} as they were before.${stayed}`;
    taking.replaceWith(h("span", { class: "import-undone", tabindex: "-1" }, words));
    say(words);
  } catch (error) {
    complain(error.message);
  }
}

function showFiles() {
  const box = byId("import-files");
  box.hidden = !job.files.length || isOneTable();
  if (box.hidden) return;
  const head = ["File", "Stories", "Events", "Read before", "Problems"];
  const row = (file) => h("tr", {},
    h("th", { scope: "row" }, file.name),
    ...[file.stories, file.events, file.known, file.problems].map((count) => h("td", {}, number(count))));
  box.replaceChildren(
    h("h2", { id: "files-title" }, "Files"),
    h("div", { class: "import-table", tabindex: "0", role: "region", "aria-labelledby": "files-title" },
      h("table", {},
        h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, ...job.files.map(row)))));
}

function showProblems() {
  const box = byId("import-problems");
  box.hidden = !job.problems.length;
  if (box.hidden) return;
  if (isOneTable()) return box.replaceChildren(problemList(job, "h2", "problems-title"));
  const line = (problem) => problem.message.startsWith(problem.where) ? problem.message : `${problem.where}${problem.line ? `, line ${problem.line}` : ""}: ${problem.message}`;
  const more = job.problem_count - job.problems.length;
  box.replaceChildren(
    h("h2", { id: "problems-title" }, "Problems"),
    h("ul", { class: "import-lines" }, ...job.problems.map((problem) => h("li", {}, line(problem)))),
    more > 0 ? h("p", { class: "muted" }, `And ${number(more)} more.`) : "");
}

function show(answer) {
  const before = job.state;
  job = answer;
  byId("import-state").textContent = job.state_text;
  const bar = byId("import-progress");
  bar.hidden = !LIVE.has(job.state) && job.state !== "stopped";
  const isReading = Boolean(job.table && job.total_bytes);
  bar.max = isReading ? job.total_bytes : Math.max(1, job.total);
  if (job.state === "waiting") bar.removeAttribute("value");
  else bar.value = Math.min(isReading ? job.done_bytes : job.done, bar.max);
  byId("import-counts").textContent = counts();
  if (before !== job.state || !byId("import-actions").childElementCount) {
    byId("import-actions").replaceChildren(...actions());
    if (before !== job.state) say([job.state_text, counts()].filter(Boolean).map((text) => `${text}.`).join(" "));
  }
  complain(job.message);
  showReceipt();
  showFiles();
  showProblems();
}

function watch() {
  setTimeout(async () => {
    try {
      show(await ask(address(".json")));
      failures = 0;
    } catch (error) {
      failures += 1;
      complain(error.message);
      if (error.status === 404) return;
    }
    if (LIVE.has(job.state)) watch();
  }, PAUSE_MS * Math.min(8, 1 + failures));
}

show(job);
if (LIVE.has(job.state)) watch();
