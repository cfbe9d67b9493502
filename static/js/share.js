// Taking the view away: the Share menu, the dialog that cites and embeds the view, and the sentence that describes it.

import { ask, wasAborted } from "./api.js";
import { byId, h } from "./dom.js";
import { say } from "./live.js";
import { copyLink } from "./tools.js";

export class Share {
  /** `page`: { params(), address() }: what is shown as the server's parameters, and the link of it. */
  constructor(page) {
    this.page = page;
    this.menu = byId("share");
    this.dialog = byId("cite-dialog");
    for (const item of this.menu.querySelectorAll("button, a")) item.addEventListener("click", () => this._close());
    byId("copy-link").addEventListener("click", copyLink);
    byId("cite").addEventListener("click", () => this.open());
    byId("cite-view").addEventListener("click", () => this.open());
    byId("cite-close").addEventListener("click", () => this.dialog.close());
    for (const name of ["citation", "embed-code"]) byId(`${name}-copy`).addEventListener("click", () => copyField(name));
    for (const menu of document.querySelectorAll("details.menu")) closesItself(menu);
  }

  /** What is shown now, in the server's words. */
  tell(sentence) {
    if (byId("sentence").textContent !== sentence) byId("sentence").textContent = sentence;
    byId("describe").hidden = !sentence;
  }

  /** The dialog, with what the server says of the view as it is now. */
  async open() {
    byId("citation").value = "";
    byId("embed-code").value = embedCode(this.page.address());
    byId("cite-facts").replaceChildren();
    this._say("Asking for the citation …");
    this.dialog.showModal();
    try {
      const { sentence, citation } = await ask(`/map/describe?${this.page.params()}`, { kind: "describe" });
      byId("cite-sentence").textContent = sentence;
      byId("citation").value = citation.text;
      const facts = [["Data version", citation.version], ["Accessed", citation.accessed], ["Credits", listed(citation.credits)]];
      byId("cite-facts").replaceChildren(...facts.filter(([, text]) => text).flatMap(([term, text]) => [h("dt", {}, term), h("dd", { dir: "auto" }, text)]));
      this._say("");
    } catch (error) {
      if (!wasAborted(error)) this._say(error.message);
    }
  }

  _close() {
    setTimeout(() => (this.menu.open = false), this.menu.querySelector("#copy-text").textContent === "Copy link" ? 0 : 900);
  }

  _say(text) {
    byId("cite-state").textContent = text;
    byId("cite-state").hidden = !text;
  }
}

/** A menu shuts on Escape, and when the pointer or the keyboard goes elsewhere. */
function closesItself(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
}

async function copyField(name) {
  const field = byId(name);
  field.select();
  const said = await navigator.clipboard?.writeText(field.value).then(() => "Copied", () => null);
  byId(`${name}-copy`).textContent = said || "Press Ctrl+C";
  say(said || "The browser did not allow copying. The text is selected: copy it with the keyboard.");
  setTimeout(() => (byId(`${name}-copy`).textContent = "Copy"), 2500);
}

/** The code that shows the view in a page of one's own. */
function embedCode(address) {
  const { origin, search } = new URL(address);
  const source = `${origin}/embed${search}`.replaceAll("&", "&amp;").replaceAll('"', "%22");
  return `<iframe src="${source}" title="Map of events" width="100%" height="480" loading="lazy"></iframe>`;
}

const listed = (credits) => (Array.isArray(credits) ? credits.join("; ") : credits);
