// The form of the "Add story" page: text, files or an address, what is known of it, and reading it. Its text survives a
// reload. One story goes to the review; several files, feeds and tables become an import in the background.

import { byId, h, settled } from "./dom.js";
import { number, plural } from "./format.js";
import { keep, kept } from "./kept.js";
import { say } from "./story-dom.js";

const KEY = "dateline-story-form";
const FIELDS = ["text", "title", "url", "publisher", "published"];
const NO_ANSWER = "The server does not answer. Is it still running?";
const kB = (bytes) => `${number(Math.max(1, Math.round(bytes / 1000)))} kB`;

/** The JSON of an answer; an error carries the server's own words. */
async function answered(response) {
  const found = await response.json().catch(() => null);
  if (!response.ok || !found) throw new Error(found?.detail || `The server answered ${response.status}.`);
  return found;
}

export class AddForm {
  /** `step(name)` shows a step of the page; `begin(draft)` is given the story that was read. */
  constructor(page, { step, begin }) {
    Object.assign(this, { page, step, begin });
    this.form = byId("story-form");
    this.file = byId("story-file");
    this.text = byId("story-text");
    this.reading = null;
    this.wire();
    this.wireDrop();
    byId("story-read").disabled = false; // before, the browser itself would send the form
  }

  wire() {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.read(); });
    byId("story-cancel").addEventListener("click", () => (this.reading ? this.reading.abort() : location.assign("/stories")));
    this.file.addEventListener("change", () => this.chooseFile());
    byId("story-unchoose").addEventListener("click", () => { this.file.value = ""; this.chooseFile(); this.text.focus(); });
    const fields = this.form.elements;
    const save = settled(() => keep(KEY, Object.fromEntries(FIELDS.map((name) => [name, fields[name].value]))), 400);
    this.form.addEventListener("input", () => { byId("form-problem").hidden = true; this.countText(); save(); });
    const old = kept(KEY);
    if (old) for (const name of FIELDS) fields[name].value ||= old[name] || ""; // what was typed before this ran is newer
    this.countText();
  }

  wireDrop() {
    const drop = byId("story-drop");
    for (const type of ["dragenter", "dragover"]) {
      drop.addEventListener(type, (event) => { event.preventDefault(); drop.classList.add("over"); });
    }
    drop.addEventListener("dragleave", (event) => { if (!drop.contains(event.relatedTarget)) drop.classList.remove("over"); });
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (!event.dataTransfer.files.length) {
        this.text.value = event.dataTransfer.getData("text/plain") || this.text.value;
        return this.countText();
      }
      this.file.files = event.dataTransfer.files;
      this.chooseFile();
    });
  }

  /** Shows the form again; where it is empty, with the story that was under review. */
  reopen(story) {
    if (!this.text.value && !this.file.files[0]) {
      this.text.value = story.text;
      for (const name of FIELDS.slice(1)) this.form.elements[name].value = story.source[name] || "";
    }
    this.step("form");
    this.countText();
    this.text.focus();
  }

  /** Forgets what the tab kept of the form: the story is saved. */
  forget() {
    keep(KEY, null);
  }

  countText() {
    const size = Array.from(this.text.value).length;
    byId("story-count").textContent = size ? `${number(size)} of at most ${number(this.page.max_chars)} characters` : "";
  }

  chooseFile() {
    const files = [...this.file.files];
    byId("story-chosen").hidden = !files.length;
    byId("story-text-hint").hidden = Boolean(files.length);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const name = files.length > 1 ? plural(files.length, "file") : files[0]?.name;
    byId("story-chosen-name").textContent = files.length ? `${name} (${kB(size)})` : "";
    byId("story-unchoose").textContent = files.length > 1 ? "Take them out" : "Take it out";
    this.text.disabled = Boolean(files.length);
    byId("story-read").textContent = this.isImport ? `Import ${files.length > 1 ? "them" : "it"}` : "Read the story";
    byId("story-read-hint").textContent = this.isImport ? "The events are kept as drafts." : "Nothing is saved yet.";
    byId("form-problem").hidden = true;
    if (files.length) say(`${name} chosen. ${files.length > 1 ? "They are" : "It is"} read instead of the text box.`);
  }

  /** Whether what is chosen is more than one story. */
  get isImport() {
    const files = [...this.file.files];
    return files.length > 1 || files.some((file) => !this.isStory(file));
  }

  isStory(file) {
    return this.page.suffixes.some((suffix) => file.name.toLowerCase().endsWith(suffix));
  }

  /** Whether only an address is given: then the page there is read. */
  get isAddress() {
    return !this.file.files.length && !this.text.value.trim() && Boolean(this.form.elements.url.value.trim());
  }

  problem() {
    const files = [...this.file.files];
    const { page } = this;
    const strange = files.find((file) => !page.file_suffixes.some((suffix) => file.name.toLowerCase().endsWith(suffix)));
    if (strange) return `“${strange.name}” is of no kind that is read here. Choose ${page.file_suffixes.join(", ")}.`;
    const large = this.isImport ? null : files.find((file) => file.size > page.max_bytes);
    if (large) return `“${large.name}” has ${kB(large.size)}; at most ${kB(page.max_bytes)} are read.`;
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > page.max_import_bytes) return `The files have ${kB(size)}; at most ${kB(page.max_import_bytes)} are taken. Larger ones: python -m geodata import.`;
    if (this.isAddress && !page.fetch_urls) {
      return "There is no text to read, and pages are not fetched by their address: that is turned off here. Paste the story or choose a file. The setting DATELINE_FETCH_URLS=yes turns it on.";
    }
    if (!files.length && !this.text.value.trim() && !this.isAddress) return "There is no text to read. Paste a story, or choose a .txt, .md, .html, .docx or .pdf file.";
    const chars = files.length ? 0 : Array.from(this.text.value).length;
    if (chars > page.max_chars) return `The story has ${number(chars)} characters; at most ${number(page.max_chars)} are read. Paste a part of it.`;
    return byId("story-published").validity.badInput ? "The publication date is not complete. Give day, month and year, or leave it empty." : "";
  }

  complain(text) {
    const box = byId("form-problem");
    box.replaceChildren(h("p", {}, text));
    box.hidden = false;
    box.focus();
  }

  async read() {
    const wrong = this.problem();
    if (wrong) return this.complain(wrong);
    byId("form-problem").hidden = true;
    const ask = this.isImport ? this.importFiles() : this.isAddress ? this.readAddress() : this.readStory();
    this.step("reading");
    byId("reading-title").focus();
    try {
      await ask;
    } catch (error) {
      this.step("form");
      if (error.name === "AbortError") {
        say("Reading cancelled. Nothing was kept.");
        this.text.focus();
      } else this.complain(error instanceof TypeError ? NO_ANSWER : error.message);
    }
  }

  post(url, body, headers = {}) {
    this.reading = new AbortController();
    return fetch(url, { method: "POST", body, signal: this.reading.signal, headers: { Accept: "application/json", ...headers } }).then(answered);
  }

  async readStory() {
    const body = new FormData(this.form);
    if (!this.file.files[0]) body.delete("file");
    this.begin(await this.post("/stories/read", body));
  }

  /** The page at the address; where it is a feed of several stories, an import of it. */
  async readAddress() {
    const fields = this.form.elements;
    const given = Object.fromEntries(FIELDS.slice(1).map((name) => [name, fields[name].value]));
    const json = { "Content-Type": "application/json" };
    const found = await this.post("/stories/read-address", JSON.stringify(given), json);
    if (found.document) return this.begin(found);
    const made = await this.post("/imports", JSON.stringify({ address: given.url }), json);
    location.assign(made.url);
  }

  async importFiles() {
    const body = new FormData();
    for (const file of this.file.files) body.append("file", file);
    const made = await this.post("/imports", body);
    location.assign(made.url);
  }
}
