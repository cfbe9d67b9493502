// The event types: each with its swatch, its name, its count, a box to switch it, and "only".

import { byId, h } from "./dom.js";
import { number } from "./format.js";
import { swatch } from "./shapes.js";

export class Legend {
  /** `onChange(types)`: null for all, else the names that are on. */
  constructor(styles, onChange) {
    this.styles = styles;
    this.onChange = onChange;
    this.rows = new Map(styles.map((style) => [style.name, this._row(style)]));
    byId("legend").replaceChildren(...[...this.rows.values()].map((row) => row.line));
    byId("types-all").addEventListener("click", () => this._set(styles.map((style) => style.name)));
    byId("types-none").addEventListener("click", () => this._set([]));
  }

  /** Boxes and counts as they are now; `types` null: all. */
  show(types, counts, theme) {
    for (const style of this.styles) {
      const row = this.rows.get(style.name);
      const count = counts[style.name] || 0;
      row.box.checked = !types || types.includes(style.name);
      row.count.textContent = number(count);
      row.line.classList.toggle("zero", !count);
      if (row.theme !== theme) row.mark.replaceChildren(swatch(style, theme));
      row.theme = theme;
    }
  }

  _row(style) {
    const id = `type-${this.styles.indexOf(style)}`;
    const box = h("input", { type: "checkbox", id, checked: true, onchange: () => this._set(this._checked()) });
    const mark = h("span", { class: "mark" });
    const count = h("span", { class: "count" });
    const only = h("button", { type: "button", class: "link only", "aria-label": `Only ${style.name}`, onclick: () => this._set([style.name]) }, "only");
    const label = h("label", { for: id, title: style.definition }, mark, h("span", { class: "name" }, style.name));
    return { line: h("div", { class: "type" }, box, label, only, count), box, mark, count, theme: "" };
  }

  _checked() {
    return this.styles.map((style) => style.name).filter((name) => this.rows.get(name).box.checked);
  }

  _set(names) {
    this.onChange(names.length === this.styles.length ? null : names);
  }
}
