// The "Add story" page: the form, reading, the review, saving. A review not saved yet survives a reload of its tab.

import { ask } from "./api.js";
import { byId, h, settled } from "./dom.js";
import { number, plural } from "./format.js";
import { say } from "./story-dom.js";
import { Review } from "./story-review.js";

const page = JSON.parse(byId("story-page").textContent);
const form = byId("story-form");
const main = byId("main");
const KEY = `dateline-story:${page.doc_id || "new"}`;
const FORM_KEY = "dateline-story-form";
const FIELDS = ["text", "title", "url", "publisher", "published"];
let review = null;
let unsaved = false; // there is a review that the store has not
let edited = false; // and a person has worked on it
let reading = null;

// Kept in this tab until saved; a browser that forbids storage, or has no room, loses only this.
function keep(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch (error) {
    console.info("not kept in the tab:", error.message);
  }
}

function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

function step(name) {
  main.dataset.step = name;
  form.hidden = name !== "form";
  byId("story-reading").hidden = name !== "reading" && name !== "opening";
  byId("story-review").hidden = name !== "review";
  byId("story-saved").hidden = name !== "saved";
  window.scrollTo(0, 0);
}

function complain(text) {
  const box = byId("form-problem");
  box.replaceChildren(h("p", {}, text));
  box.hidden = false;
  box.focus();
}

// The form

const file = byId("story-file");
const text = byId("story-text");

function countText() {
  const size = Array.from(text.value).length;
  byId("story-count").textContent = size ? `${number(size)} of at most ${number(page.max_chars)} characters` : "";
}

function chooseFile() {
  const chosen = file.files[0];
  byId("story-chosen").hidden = !chosen;
  byId("story-text-hint").hidden = Boolean(chosen);
  byId("story-chosen-name").textContent = chosen ? `${chosen.name} (${number(Math.max(1, Math.round(chosen.size / 1000)))} kB)` : "";
  text.disabled = Boolean(chosen);
  byId("form-problem").hidden = true;
  if (chosen) say(`${chosen.name} chosen. It is read instead of the text box.`);
}

function formProblem() {
  const chosen = file.files[0];
  const endings = ".txt, .md or .html";
  if (chosen && !page.suffixes.some((suffix) => chosen.name.toLowerCase().endsWith(suffix))) {
    return `“${chosen.name}” is of no kind that is read here. Choose a ${endings} file.`;
  }
  if (chosen && chosen.size > page.max_bytes) {
    return `“${chosen.name}” has ${number(Math.round(chosen.size / 1000))} kB; at most ${number(page.max_bytes / 1000)} kB are read.`;
  }
  if (!chosen && !text.value.trim()) return `There is no text to read. Paste a story, or choose a ${endings} file.`;
  const size = chosen ? 0 : Array.from(text.value).length;
  if (size > page.max_chars) return `The story has ${number(size)} characters; at most ${number(page.max_chars)} are read. Paste a part of it.`;
  return byId("story-published").validity.badInput ? "The publication date is not complete. Give day, month and year, or leave it empty." : "";
}

async function readStory() {
  const wrong = formProblem();
  if (wrong) return complain(wrong);
  byId("form-problem").hidden = true;
  const body = new FormData(form);
  if (!file.files[0]) body.delete("file");
  step("reading");
  byId("reading-title").focus();
  reading = new AbortController();
  try {
    const answer = await fetch("/stories/read", { method: "POST", body, signal: reading.signal, headers: { Accept: "application/json" } });
    const found = await answer.json().catch(() => null);
    if (!answer.ok || !found) throw new Error(found?.detail || `The server answered ${answer.status}.`);
    begin(found);
    unsaved = true;
    remember();
  } catch (error) {
    step("form");
    if (error.name === "AbortError") {
      say("Reading cancelled. Nothing was kept.");
      text.focus();
    } else complain(error instanceof TypeError ? "The server does not answer. Is it still running?" : error.message);
  }
}

function wireForm() {
  form.addEventListener("submit", (event) => { event.preventDefault(); readStory(); });
  byId("story-cancel").addEventListener("click", () => (reading ? reading.abort() : location.assign("/stories")));
  file.addEventListener("change", chooseFile);
  byId("story-unchoose").addEventListener("click", () => { file.value = ""; chooseFile(); text.focus(); });
  const save = settled(() => keep(FORM_KEY, Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]))), 400);
  form.addEventListener("input", () => { byId("form-problem").hidden = true; countText(); save(); });
  const old = kept(FORM_KEY);
  if (old) for (const name of FIELDS) form.elements[name].value = old[name] || "";
  countText();
  const drop = byId("story-drop");
  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", (event) => { if (!drop.contains(event.relatedTarget)) drop.classList.remove("over"); });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) {
      text.value = event.dataTransfer.getData("text/plain") || text.value;
      return countText();
    }
    file.files = event.dataTransfer.files;
    chooseFile();
  });
}

// The review

const remember = settled(() => { if (unsaved) keep(KEY, review.data); }, 300);

function touched() {
  unsaved = true;
  edited = true;
  remember();
}

function begin(data) {
  step("review");
  review?.end();
  edited = false;
  review = new Review(data, page, { changed: touched, save: saveStory, back: page.doc_id ? null : backToForm });
  review.show();
}

function backToForm() {
  if (edited && !confirm("Go back? Corrections made here are lost when the story is read again.")) return;
  if (!text.value && !file.files[0]) {
    text.value = review.data.document.text;
    for (const name of FIELDS.slice(1)) form.elements[name].value = review.data.document.source[name] || "";
  }
  unsaved = false;
  keep(KEY, null);
  review.end();
  review = null;
  step("form");
  countText();
  text.focus();
}

async function saveStory() {
  const { document: story, events } = review.data;
  const body = {
    document: story,
    events: events.map(({ candidates, place_note: note, wrong, ...event }) => event),
  };
  review.busy(true);
  try {
    const done = await ask("/stories", { method: "POST", body });
    unsaved = false;
    keep(KEY, null);
    keep(FORM_KEY, null);
    showSaved(done);
  } catch (error) {
    review.busy(false);
    review.complain(error.message);
  }
}

function showSaved(done) {
  const lines = [
    done.kept ? `${plural(done.kept, "event")} kept: ${done.reviewed} reviewed, ${plural(done.draft, "draft")}.` : "The story is kept; no event of it is.",
    done.rejected ? `${plural(done.rejected, "event")} discarded; reading the story again does not bring ${done.rejected === 1 ? "it" : "them"} back.` : "",
    done.undated ? `${plural(done.undated, "event")} without a date: in the map's tray of undated events.` : "",
    done.unplaced ? `${plural(done.unplaced, "event")} without a place: in the map's tray of unplaced events.` : "",
    ...done.receipt.notes,
    ...done.receipt.problems,
  ].filter(Boolean);
  byId("story-saved").replaceChildren(
    h("h1", { id: "saved-title", tabindex: "-1" }, "Saved"),
    h("ul", { class: "saved-lines" }, ...lines.map((line) => h("li", {}, line))),
    h("p", { class: "saved-actions" },
      h("a", { class: "button primary", href: done.map_url, id: "saved-map" }, "Show them on the map"),
      h("a", { class: "button", href: `/stories/${encodeURIComponent(done.doc_id)}` }, "Open the story again"),
      h("a", { class: "button", href: "/stories/new" }, "Add another story")));
  step("saved");
  byId("saved-map").focus();
  say(lines.join(" "));
}

/** Opens the event that the address names: `?event=<event_id>`, as the map's card links to it. */
function openNamed() {
  const wanted = new URLSearchParams(location.search).get("event");
  const at = review.events.findIndex((event) => wanted && event.event_id === wanted);
  if (at >= 0) review.open(at, true);
}

async function openKept() {
  try {
    begin(await ask(`/stories/${encodeURIComponent(page.doc_id)}.json`));
    openNamed();
  } catch (error) {
    byId("reading-title").textContent = "The story cannot be opened";
    byId("story-reading").querySelector("progress").remove();
    byId("story-reading").querySelector(".muted").textContent = error.message;
    byId("story-cancel").textContent = "Back to the stories";
  }
}

addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
addEventListener("pagehide", () => { if (unsaved) keep(KEY, review.data); });

wireForm();
const waiting = kept(KEY);
if (waiting?.document) {
  begin({ ...waiting, notes: [...new Set([...waiting.notes, "Your review was not saved yet; it is as you left it."])] });
  unsaved = true;
  edited = true;
} else if (page.doc_id) openKept();
