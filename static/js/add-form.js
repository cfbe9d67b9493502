// The form of the "Add story" page: text or a file, what is known of it, and reading it. Its text survives a reload.

import { byId, h, settled } from "./dom.js";
import { number } from "./format.js";
import { keep, kept } from "./kept.js";
import { say } from "./story-dom.js";

const KEY = "dateline-story-form";
const FIELDS = ["text", "title", "url", "publisher", "published"];
const ENDINGS = ".txt, .md or .html";

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
    if (old) for (const name of FIELDS) fields[name].value = old[name] || "";
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
    const chosen = this.file.files[0];
    byId("story-chosen").hidden = !chosen;
    byId("story-text-hint").hidden = Boolean(chosen);
    byId("story-chosen-name").textContent = chosen ? `${chosen.name} (${number(Math.max(1, Math.round(chosen.size / 1000)))} kB)` : "";
    this.text.disabled = Boolean(chosen);
    byId("form-problem").hidden = true;
    if (chosen) say(`${chosen.name} chosen. It is read instead of the text box.`);
  }

  problem() {
    const chosen = this.file.files[0];
    if (chosen && !this.page.suffixes.some((suffix) => chosen.name.toLowerCase().endsWith(suffix))) {
      return `“${chosen.name}” is of no kind that is read here. Choose a ${ENDINGS} file.`;
    }
    if (chosen && chosen.size > this.page.max_bytes) {
      return `“${chosen.name}” has ${number(Math.round(chosen.size / 1000))} kB; at most ${number(this.page.max_bytes / 1000)} kB are read.`;
    }
    if (!chosen && !this.text.value.trim()) return `There is no text to read. Paste a story, or choose a ${ENDINGS} file.`;
    const size = chosen ? 0 : Array.from(this.text.value).length;
    if (size > this.page.max_chars) return `The story has ${number(size)} characters; at most ${number(this.page.max_chars)} are read. Paste a part of it.`;
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
    const body = new FormData(this.form);
    if (!this.file.files[0]) body.delete("file");
    this.step("reading");
    byId("reading-title").focus();
    this.reading = new AbortController();
    try {
      const answer = await fetch("/stories/read", { method: "POST", body, signal: this.reading.signal, headers: { Accept: "application/json" } });
      const found = await answer.json().catch(() => null);
      if (!answer.ok || !found) throw new Error(found?.detail || `The server answered ${answer.status}.`);
      this.begin(found);
    } catch (error) {
      this.step("form");
      if (error.name === "AbortError") {
        say("Reading cancelled. Nothing was kept.");
        this.text.focus();
      } else this.complain(error instanceof TypeError ? "The server does not answer. Is it still running?" : error.message);
    }
  }
}
