// The event types and their sub-types as a tree: each with its count, a box to switch it, and "only". A type's box is half
// on where only some of its sub-types are. Arrow keys walk the tree; Tab passes it in one step a row.

import { byId, h } from "../dom.js";
import { number } from "../format.js";
import { swatch } from "../shapes.js";

const UNNAMED = "No sub-type given"; // the server calls it by the name of the type itself

export class TypeTree {
  /** `subTypes`: {type: [{name, definition}]}. `onChange({ types, subTypes })`, null for all. */
  constructor(styles, subTypes, onChange) {
    this.styles = styles;
    this.onChange = onChange;
    this.branches = styles.map((style, at) => new Branch(this, style, subTypes[style.name] || [], `types-${at}`));
    this.root = byId("legend");
    this.root.replaceChildren(...this.branches.map((branch) => branch.item));
    this.root.addEventListener("keydown", (event) => this._key(event));
    this.root.addEventListener("focusin", (event) => this._rove(event.target.closest(".type")));
    byId("types-all").addEventListener("click", () => onChange({ types: null, subTypes: null }));
    byId("types-none").addEventListener("click", () => onChange({ types: [], subTypes: null }));
    this._rove(this.branches[0]?.row.line);
  }

  /** Boxes and counts as they are now. `counts`: {types: {type: n}, sub_types: {type: {sub-type: n}}}. */
  show({ types, subTypes }, counts, theme) {
    for (const branch of this.branches) {
      const on = !types || types.includes(branch.name);
      branch.show(on, subTypes, counts.types[branch.name] || 0, counts.sub_types?.[branch.name] || {}, theme);
    }
  }

  /** All boxes as the filter that they stand for. */
  changed() {
    const some = this.branches.filter((branch) => branch.leaves().some((leaf) => leaf.row.box.checked));
    const whole = some.every((branch) => branch.leaves().every((leaf) => leaf.row.box.checked));
    const leaves = some.flatMap((branch) => branch.leaves()).filter((leaf) => leaf.row.box.checked);
    this.onChange({
      types: some.length === this.branches.length ? null : some.map((branch) => branch.name),
      subTypes: whole ? null : leaves.map((leaf) => leaf.name),
    });
  }

  /** One row of the tree can be reached by Tab: the one last used. */
  _rove(line) {
    if (!line || line === this.current) return;
    for (const [row, index] of [[this.current, "-1"], [line, "0"]]) {
      for (const part of row?.querySelectorAll("input, button") || []) part.setAttribute("tabindex", index);
    }
    this.current = line;
  }

  _key(event) {
    const line = event.target.closest(".type");
    const branch = this.branches.find((one) => one.item.contains(line));
    const seen = [...this.root.querySelectorAll(".type")].filter((row) => row.offsetParent !== null);
    const at = seen.indexOf(line);
    const top = branch?.row.line;
    const moves = {
      ArrowDown: () => seen[at + 1],
      ArrowUp: () => seen[at - 1],
      Home: () => seen[0],
      End: () => seen.at(-1),
      ArrowRight: () => (line === top && branch.twist ? (branch.isOpen() ? seen[at + 1] : branch.open(true)) : null),
      ArrowLeft: () => (line !== top ? top : branch.isOpen() ? branch.open(false) : null),
    };
    if (!branch || event.altKey || event.ctrlKey || event.metaKey || !Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    moves[event.key]()?.querySelector("input").focus();
  }
}

/** One type with its sub-types, folded away until asked for. */
class Branch {
  constructor(tree, style, subTypes, id) {
    this.tree = tree;
    this.style = style;
    this.name = style.name;
    this.id = id;
    this.row = row({ id, name: style.name, title: style.definition, mark: true, only: () => tree.onChange({ types: [style.name], subTypes: null }) });
    this.row.box.addEventListener("change", () => this._switch(this.row.box.checked));
    this.list = h("ul", { id: `${id}-subs`, hidden: true });
    this.subs = new Map();
    for (const item of subTypes) this._add(item.name, item.name, item.definition);
    this._add(style.name, subTypes.length ? UNNAMED : style.name, "");
    this.twist = subTypes.length ? this._twist() : null;
    this.row.line.prepend(this.twist || h("span"));
    this.item = h("li", {}, this.row.line, this.list);
    this._tabless(this.item);
  }

  _twist() {
    const button = h("button", { type: "button", class: "twist", "aria-expanded": "false", "aria-controls": this.list.id, "aria-label": `Sub-types of ${this.name}` });
    button.addEventListener("click", () => this.open(!this.isOpen()));
    return button;
  }

  _add(name, label, title) {
    const one = row({ id: `${this.id}-${this.subs.size}`, name: label, title, only: () => this.tree.onChange({ types: [this.name], subTypes: [name] }) });
    one.only.setAttribute("aria-label", name === this.name ? `Only ${this.name} without a sub-type` : `Only ${label}`);
    one.line.classList.add("sub");
    one.box.addEventListener("change", () => this.tree.changed());
    this.subs.set(name, { name, row: one });
    const item = h("li", {}, one.line);
    this.list.append(item);
    return item;
  }

  _tabless(element) {
    for (const part of element.querySelectorAll("input, button")) part.setAttribute("tabindex", "-1");
  }

  leaves() {
    return [...this.subs.values()];
  }

  isOpen() {
    return !this.list.hidden;
  }

  open(open) {
    this.list.hidden = !open;
    this.twist?.setAttribute("aria-expanded", String(open));
  }

  _switch(on) {
    for (const leaf of this.leaves()) leaf.row.box.checked = on;
    this.tree.changed();
  }

  show(on, chosen, count, counts, theme) {
    for (const name of Object.keys(counts)) if (name && !this.subs.has(name)) this._tabless(this._add(name, name, ""));
    let unnamed = count;
    for (const [name, { row: one }] of this.subs) {
      if (name !== this.name) unnamed -= counts[name] || 0;
      one.box.checked = on && (!chosen || chosen.includes(name));
      if (name !== this.name) one.tell(counts[name] || 0);
    }
    this.subs.get(this.name).row.tell(counts[this.name] ? counts[this.name] + (counts[""] || 0) : Math.max(0, unnamed));
    const checked = this.leaves().filter((leaf) => leaf.row.box.checked).length;
    this.row.box.checked = checked === this.subs.size;
    this.row.box.indeterminate = checked > 0 && checked < this.subs.size;
    this.row.tell(count);
    if (this.theme !== theme) this.row.mark.replaceChildren(swatch(this.style, theme));
    this.theme = theme;
  }
}

/** The parts of one row: box, label, "only" and count; `tell(n)` writes the count where it is another. */
function row({ id, name, title, mark, only }) {
  const box = h("input", { type: "checkbox", id });
  const sign = mark ? h("span", { class: "mark" }) : null;
  const label = h("label", { for: id, title: title || null }, sign, h("span", { class: "name" }, name));
  const button = h("button", { type: "button", class: "link only", "aria-label": `Only ${name}`, onclick: only }, "only");
  const count = h("span", { class: "count" });
  const line = h("div", { class: "type" }, box, label, button, count);
  let told = -1;
  const tell = (value) => {
    if (value === told) return;
    told = value;
    count.textContent = number(value);
    line.classList.toggle("zero", !value);
  };
  return { line, box, only: button, mark: sign, tell };
}
