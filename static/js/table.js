// The page of a table before it is imported: what its columns mean, what must be answered, a trial, the import.
// What a person changes is sent, and the server says how the rows would be read then.

import { ask, wasAborted } from "./api.js";
import { byId, h, settled } from "./dom.js";
import { number, plural } from "./format.js";
import { counts, problemList, receiptLinks } from "./table-receipt.js";

const PAUSE_MS = 500;
const LIVE = new Set(["waiting", "running"]);
const { table: first, fields } = JSON.parse(byId("table-data").textContent);
const SETTINGS = { date_order: "table-order", decimal: "table-decimal", crs: "table-crs" };
let table = first;
let isTouched = false; // before, the table is read as guessed, or as its preset says
const asked = new Map(); // questions by key, with what was answered: they stay on the page

const address = (rest) => `/tables/${encodeURIComponent(table.draft_id)}${rest}`;
const say = (text) => { byId("table-says").textContent = text; };

function complain(text) {
  const box = byId("table-problem");
  box.replaceChildren(h("p", { class: "prewrap" }, text));
  box.hidden = !text;
  if (text) box.focus();
}

/** What the page says of the columns; null as long as nobody has changed it. */
function mapping() {
  if (!isTouched) return null;
  const columns = Object.fromEntries(fields.flatMap(([, group]) => group.map(([field]) => [field, []])));
  for (const column of table.columns) if (column.field) (columns[column.field] ||= []).push(column.name);
  const defaults = { ...table.defaults };
  for (const [name, value] of [
    ["source_publisher", byId("table-publisher").value.trim()],
    ["licence", byId("table-licence").value.trim()],
    ["restricted", byId("table-restricted").checked ? "yes" : ""],
  ]) {
    if (value) defaults[name] = value;
    else delete defaults[name];
  }
  const swap = { yes: true, no: false }[byId("table-swap").value];
  const found = { columns, defaults, type_names: table.type_names, sheet: asked.get("sheet")?.answer || table.sheet };
  for (const [name, id] of Object.entries(SETTINGS)) found[name] = byId(id).value.trim();
  if (swap !== undefined) found.swap_lon_lat = swap;
  if (asked.has("sheet") && asked.get("sheet").answer !== table.sheet) found.columns = {}; // of another sheet: guessed anew
  return JSON.stringify(found);
}

async function look(body) {
  byId("table-go").disabled = byId("table-try").disabled = true;
  try {
    show(await ask(address("/look"), { kind: "look", method: "POST", body }));
    complain("");
  } catch (error) {
    if (!wasAborted(error)) complain(error.message);
  }
}

const changed = () => { isTouched = true; byId("table-trial").hidden = true; look({ mapping: mapping() }); };
const typed = settled(changed, 500);

// What is asked

function answer(key, value) {
  asked.get(key).answer = value;
  if (key in SETTINGS) byId(SETTINGS[key]).value = value;
  if (key === "swap_lon_lat") byId("table-swap").value = value;
  changed();
}

function choice(question) {
  const option = ({ value, label, example }) => h("label", { class: "table-option" },
    h("input", { type: "radio", name: `ask-${question.key}`, value, checked: question.answer === value, onchange: () => answer(question.key, value) }),
    h("span", {}, label, example ? h("span", { class: "muted small-text" }, example) : null));
  return question.options.map(option);
}

function free(question) {
  const field = h("input", { type: "text", maxlength: 200, autocomplete: "off", value: question.answer || question.suggested, "aria-label": question.text });
  const send = (event) => { event.preventDefault(); if (field.value.trim()) answer(question.key, field.value.trim()); };
  return [h("form", { class: "table-preset-line", onsubmit: send }, field, h("button", { class: "button" }, "Answer"))];
}

function showQuestions() {
  for (const question of table.questions) asked.set(question.key, { answer: "", ...asked.get(question.key), ...question });
  const open = new Set(table.questions.map((question) => question.key));
  for (const [key, question] of asked) if (!open.has(key) && !question.answer) asked.delete(key);
  const box = byId("table-questions");
  box.hidden = !asked.size;
  const held = document.activeElement?.name;
  const at = document.activeElement?.value;
  const sets = [...asked.values()].map((question) => h("fieldset", { class: open.has(question.key) ? "open" : "answered" },
    h("legend", {}, sentence(question.text)),
    ...(question.options.length ? choice(question) : free(question))));
  const title = open.size ? "To be answered first" : "Answered";
  box.replaceChildren(h("h2", { id: "questions-title" }, title), ...sets);
  for (const again of box.querySelectorAll("input")) if (held && again.name === held && again.value === at) again.focus();
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// What columns mean

function means(column) {
  const option = ([field, label]) => h("option", { value: field, selected: column.field === field }, label);
  const groups = fields.map(([name, group]) => h("optgroup", { label: name }, ...group.map(option)));
  const known = fields.some(([, group]) => group.some(([field]) => field === column.field));
  const own = column.field && !known ? h("option", { value: column.field, selected: true }, column.field) : null;
  const select = h("select", { "aria-label": `${column.name} means`, class: column.field ? "" : "unused" },
    h("option", { value: "" }, "kept as it is"), own, ...groups);
  select.addEventListener("change", () => { column.field = select.value; changed(); });
  return select;
}

function showColumns() {
  byId("table-columns").hidden = !table.can_map;
  if (!table.can_map) return;
  const held = document.activeElement?.getAttribute("aria-label");
  byId("table-column-list").replaceChildren(...table.columns.map((column) => h("li", {},
    h("span", { class: "table-column" }, column.name),
    h("span", { class: "table-values muted small-text" }, column.samples.join(" · ") || "empty in the first rows"),
    means(column))));
  if (held) [...byId("table-column-list").querySelectorAll("select")].find((select) => select.getAttribute("aria-label") === held)?.focus();
}

function showSettings() {
  for (const [name, id] of Object.entries(SETTINGS)) if (document.activeElement?.id !== id) byId(id).value = table[name];
  byId("table-swap").value = { true: "yes", false: "no" }[table.swap_lon_lat] || "";
  if (document.activeElement?.id !== "table-publisher") byId("table-publisher").value = table.defaults.source_publisher || "";
  if (document.activeElement?.id !== "table-licence") byId("table-licence").value = table.defaults.licence || "";
  byId("table-restricted").checked = Boolean(table.defaults.restricted);
  byId("table-preset-choice").hidden = !table.presets.length;
  byId("table-preset").replaceChildren(h("option", { value: "" }, "none"),
    ...table.presets.map((name) => h("option", { value: name, selected: name === table.preset }, name)));
}

// What comes of it

function showSample() {
  const head = ["Line", "When", "Where", "What", "Title or text"];
  const remarks = (row) => [...row.problems, ...row.changes].map((text) => h("p", { class: row.problems.length ? "bad-text" : "muted" }, text));
  // roles are said, as a phone shows rows as blocks, and browsers then forget that they are a table's
  const row = (each) => h("tr", { role: "row", class: each.problems.length ? "rejected" : "" },
    h("th", { scope: "row", role: "rowheader" }, h("span", { class: "table-line-word" }, "Line "), number(each.line)),
    h("td", { role: "cell", class: "table-when" }, each.when || h("span", { class: "muted" }, "no date")),
    h("td", { role: "cell" }, each.place || (each.position ? "" : h("span", { class: "muted" }, "no place")), each.position ? h("span", { class: "muted small-text table-position" }, each.position) : null),
    h("td", { role: "cell" }, each.type || h("span", { class: "muted" }, "no type"), each.type_given ? h("span", { class: "muted small-text table-position" }, each.type_given) : null),
    h("td", { role: "cell" }, each.title, ...remarks(each)));
  if (!table.is_mapped) {
    byId("table-sample").replaceChildren(h("p", { class: "muted table-unmapped" }, "Nothing to show yet: no column is known. Say above what at least one of them means."));
  } else byId("table-sample").replaceChildren(h("table", { role: "table" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head.map((name) => h("th", { scope: "col", role: "columnheader" }, name)))),
    h("tbody", { role: "rowgroup" }, ...table.sample.map(row))));
  byId("table-notes").replaceChildren(...table.notes.map((note) => h("span", { class: "table-note" }, sentence(note.replace(`${table.name}: `, "")))));
}

function show(answered) {
  table = answered;
  byId("table-about").textContent = [
    table.format_text,
    table.rows ? plural(table.rows, "row") : "",
    plural(table.columns.length, "column"),
    table.preset ? `columns as in the preset “${table.preset}”` : "",
    table.credit.attribution,
    table.credit.reexport ? "" : "may not be passed on",
  ].filter(Boolean).join(" · ");
  showQuestions();
  showColumns();
  showSettings();
  showSample();
  const waits = table.questions.length > 0 || !table.is_mapped;
  byId("table-go").disabled = byId("table-try").disabled = waits;
  byId("table-hint").textContent = !waits ? "A trial changes nothing. An import can be taken back."
    : table.questions.length ? "There is a question to answer first." : "First say what a column means: a date, place, type, title or text.";
}

async function begin(dryRun) {
  byId("table-go").disabled = byId("table-try").disabled = true;
  complain("");
  try {
    const made = await ask(address("/import"), { method: "POST", body: { mapping: mapping() || "", dry_run: dryRun } });
    if (!dryRun) return location.assign(made.url);
    say("Trying.");
    await follow(made.import_id);
  } catch (error) {
    complain(error.message);
  }
  byId("table-go").disabled = byId("table-try").disabled = false;
  return null;
}

async function follow(importId) {
  const box = byId("table-trial");
  const bar = h("progress", { class: "import-progress", "aria-label": "Trial" });
  const words = h("p", { class: "import-counts" });
  box.replaceChildren(h("h2", { id: "trial-title", tabindex: "-1" }, "What would happen"), bar, words);
  box.hidden = false;
  for (;;) {
    const job = await ask(`/imports/${encodeURIComponent(importId)}.json`);
    if (job.total_bytes) { bar.max = job.total_bytes; bar.value = job.done_bytes; }
    words.textContent = job.rows ? `${plural(job.rows, "row")} read` : job.state_text;
    if (!LIVE.has(job.state)) { showTrial(box, job); break; }
    await new Promise((done) => { setTimeout(done, PAUSE_MS); });
  }
  ask(`/imports/${encodeURIComponent(importId)}/remove`, { method: "POST" }).catch(() => {});
}

function showTrial(box, job) {
  const [file] = job.files;
  const title = h("h2", { id: "trial-title", tabindex: "-1" }, "What would happen");
  if (!file?.table_id) {
    box.replaceChildren(title, h("p", {}, job.message || job.problems[0]?.message || "Nothing could be read."));
  } else box.replaceChildren(title, counts(file, job.receipt), problemList(job), receiptLinks(file));
  title.focus();
  say("The trial has ended. Nothing was changed.");
}

async function keepPreset() {
  const name = byId("table-preset-name").value.trim();
  if (!name) return byId("table-preset-name").focus();
  isTouched = true;
  try {
    const kept = await ask(address("/preset"), { method: "POST", body: { name, mapping: mapping() } });
    byId("table-preset-name").value = "";
    say(`Kept as the preset ${kept.name}. It is applied to tables with the same columns.`);
    if (!table.presets.includes(kept.name)) table.presets.push(kept.name);
    table.preset = kept.name;
    show(table);
  } catch (error) {
    complain(error.message);
  }
  return null;
}

byId("table-go").addEventListener("click", () => begin(false));
byId("table-try").addEventListener("click", () => begin(true));
byId("table-out").addEventListener("click", async () => {
  try {
    await ask(address("/remove"), { method: "POST" });
    location.assign("/stories/new");
  } catch (error) {
    complain(error.message);
  }
});
for (const id of ["table-order", "table-decimal", "table-swap", "table-restricted"]) byId(id).addEventListener("change", changed);
for (const id of ["table-crs", "table-publisher", "table-licence"]) byId(id).addEventListener("input", typed);
byId("table-preset").addEventListener("change", (event) => {
  isTouched = false;
  asked.clear();
  look({ preset: event.target.value });
});
byId("table-preset-save").addEventListener("click", keepPreset);
show(first);
