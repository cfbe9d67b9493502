// The files of the view: the quick link to GeoJSON, and the dialog with every format and what each leaves out.

import { ask, wasAborted } from "./api.js";
import { byId, h } from "./dom.js";
import { number, plural } from "./format.js";

const QUICK = "geojson";
const LIMIT = 100_000; // that of the API: with it a file to keep holds all

export class Export {
  /** `page`: { params(), empty() }: what is shown as the server's parameters, and whether nothing is. */
  constructor(page) {
    this.page = page;
    this.dialog = byId("export-dialog");
    this.offer = null;
    byId("export-more").addEventListener("click", () => this.open());
    byId("export-close").addEventListener("click", () => this.dialog.close());
    byId("export-file").addEventListener("click", () => setTimeout(() => this.dialog.close(), 0));
    for (const name of ["export-circles", "export-round", "export-beside"]) byId(name).addEventListener("change", () => this._choose());
  }

  /** The quick link follows what is shown. */
  show() {
    const empty = this.page.empty();
    const anchor = byId("export");
    if (empty) anchor.removeAttribute("href");
    else anchor.href = this._address(QUICK);
    anchor.setAttribute("aria-disabled", String(empty));
    byId("export-more").disabled = empty;
  }

  /** The dialog, with what the server says of the view as it is now. */
  async open() {
    this._say("Asking what there is to export …");
    byId("export-formats").replaceChildren();
    byId("export-left").replaceChildren();
    byId("export-sources").textContent = "";
    this.dialog.showModal();
    try {
      this.offer = await ask(`/map/export?${this.page.params()}`, { kind: "export" });
    } catch (error) {
      if (!wasAborted(error)) this._say(error.message);
      return;
    }
    this._say("");
    byId("export-formats").replaceChildren(...this.offer.formats.map((format, i) => this._option(format, i === 0)));
    byId("export-sources").textContent = this.offer.sources.length ? `Sources: ${this.offer.sources.join("; ")}. ` : "";
    this._rounding();
    this._besides();
    this._choose();
    this.dialog.querySelector("[name=export-format]").focus();
  }

  _option(format, checked) {
    const input = h("input", { type: "radio", name: "export-format", value: format.name, checked, onchange: () => this._choose() });
    const name = h("span", { class: "export-name" }, format.title, " ", h("span", { class: "muted" }, format.suffix));
    return h("label", { class: "export-format" }, input, name, h("span", { class: "export-for" }, format.good_for));
  }

  /** What the site rounds anyway cannot be asked for more exactly. */
  _rounding() {
    const least = this.offer.generalised_km;
    for (const option of byId("export-round").options) option.hidden = option.disabled = Number(option.value) < least;
    if (Number(byId("export-round").value) < least) byId("export-round").value = [...byId("export-round").options].find((option) => !option.disabled)?.value ?? "";
  }

  /** Those that lie in the trays, since no map can show them: a file can hold them. */
  _besides() {
    const { events: shown, whole } = this.offer;
    byId("export-beside-box").hidden = whole.events <= shown;
    byId("export-beside-text").textContent = `Also ${plural(whole.events - shown, "event")} without a date or place, by the same filters`;
  }

  _choose() {
    const name = this.dialog.querySelector("[name=export-format]:checked")?.value;
    const format = this.offer?.formats.find((each) => each.name === name);
    if (!format) return;
    const draws = format.traits.includes("circles");
    byId("export-circles").disabled = !draws;
    byId("export-circles-note").hidden = draws;
    const km = Number(byId("export-round").value);
    const beside = !byId("export-beside-box").hidden && byId("export-beside").checked;
    const held = beside ? this.offer.whole : this.offer;
    const left = [...this.offer.left_out, ...(km && !this.offer.generalised_km ? [`with exact positions: ${this.offer.words}`] : []), ...leftOut(format, held)];
    byId("export-left").replaceChildren(...left.map((line) => h("li", {}, line)));
    byId("export-left-box").hidden = !left.length;
    byId("export-title-count").textContent = plural(held.events, "event");
    const anchor = byId("export-file");
    const many = format.most > 0 && held.events > format.most;
    byId("export-most").hidden = !many;
    byId("export-most").textContent = `${format.title} holds at most ${plural(format.most, "event")}: narrow the view down by dates, types or an area, or choose another format.`;
    anchor.setAttribute("aria-disabled", String(many));
    anchor.textContent = `Download ${format.suffix}`;
    if (many) return anchor.removeAttribute("href");
    anchor.href = this._address(name, draws && byId("export-circles").checked, km, beside);
  }

  _address(format, circles = false, km = 0, beside = false) {
    const params = this.page.params();
    for (const tray of beside ? ["undated", "unplaced"] : []) params.delete(tray);
    params.set("limit", String(LIMIT));
    params.set("download", "1");
    if (format !== QUICK) params.set("f", format);
    if (circles) params.set("areas", "circle");
    if (km) params.set("generalise", String(km));
    return `/collections/events/items?${params}`;
  }

  _say(text) {
    byId("export-state").textContent = text;
    byId("export-state").hidden = !text;
    byId("export-form").hidden = byId("export-file").hidden = Boolean(text);
  }
}

/** What of the view's events a format cannot hold. */
function leftOut(format, { undated, unplaced }) {
  const found = [];
  if (unplaced && format.traits.includes("only placed")) found.push(`${events(unplaced)} without a place: ${format.title} holds none`);
  if (undated && format.traits.includes("only dated")) found.push(`${events(undated)} without a date: ${format.title} holds none`);
  if (!format.lossless) found.push("details that this format has no place for; to import the events again choose GeoJSON, Excel or GeoPackage");
  return found;
}

const events = (count) => `${number(count)} ${count === 1 ? "event" : "events"}`;
