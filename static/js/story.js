// The "Add story" page: the form, reading, the review, saving. A review not saved yet survives a reload of its tab.

import { AddForm } from "./add-form.js";
import { ask } from "./api.js";
import { byId, settled } from "./dom.js";
import { keep, kept } from "./kept.js";
import { Review } from "./story-review.js";
import { choicesOf, showSaved } from "./story-saved.js";

const page = JSON.parse(byId("story-page").textContent);
const main = byId("main");
const KEY = `dateline-story:${page.doc_id || "new"}`;
let review = null;
let unsaved = false; // there is a review that the store has not
let edited = false; // and a person has worked on it

function step(name) {
  main.dataset.step = name;
  byId("story-form").hidden = name !== "form";
  byId("story-reading").hidden = name !== "reading" && name !== "opening";
  byId("story-review").hidden = name !== "review";
  byId("story-saved").hidden = name !== "saved";
  window.scrollTo(0, 0);
}

const form = new AddForm(page, { step, begin: beginNew });

function beginNew(data) {
  begin(data);
  unsaved = true;
  remember();
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
  unsaved = false;
  keep(KEY, null);
  const story = review.data.document;
  review.end();
  review = null;
  form.reopen(story);
}

async function saveStory() {
  const { document: story, events } = review.data;
  const body = {
    document: story,
    events: events.map(({ candidates, looks, chosen, remember: _, place_note: note, ...event }) => event),
    choices: choicesOf(events, review.page.points),
  };
  review.busy(true);
  try {
    const done = await ask("/stories", { method: "POST", body });
    unsaved = false;
    keep(KEY, null);
    form.forget();
    step("saved");
    showSaved(done);
  } catch (error) {
    review.busy(false);
    review.complain(error.message);
  }
}

/** Opens the event that the address names: `?event=<event_id>`, as the map's card links to it. */
function openNamed() {
  const wanted = new URLSearchParams(location.search).get("event");
  const at = review.events.findIndex((event) => wanted && event.event_id === wanted);
  if (at >= 0) review.open(at, true);
}

/** What is not kept of a story is read again while a person looks at it: candidates, triggers, place names. */
async function readAgain(opened) {
  try {
    const found = await ask(`/stories/${encodeURIComponent(page.doc_id)}/reading.json`);
    if (review === opened) review.enrich(found);
  } catch (error) {
    if (review === opened) review.tell(`The candidates of its places are not shown: ${error.message}`);
  }
}

async function openKept() {
  try {
    begin(await ask(`/stories/${encodeURIComponent(page.doc_id)}.json`));
    openNamed();
    readAgain(review);
  } catch (error) {
    byId("reading-title").textContent = "The story cannot be opened";
    byId("story-reading").querySelector("progress").remove();
    byId("story-reading").querySelector(".muted").textContent = error.message;
    byId("story-cancel").textContent = "Back to the stories";
  }
}

addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
addEventListener("pagehide", () => { if (unsaved) keep(KEY, review.data); });

const waiting = kept(KEY);
if (waiting?.document) {
  begin({ ...waiting, notes: [...new Set([...waiting.notes, "Your review was not saved yet; it is as you left it."])] });
  unsaved = true;
  edited = true;
} else if (page.doc_id) openKept();
