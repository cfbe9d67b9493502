// The active filters as buttons that take them away, one by one or all.

import { byId, h } from "../dom.js";

const CROSS = "m3.5 3.5 9 9m0-9-9 9";

export class Chips {
  /** `onChange(changes)`. */
  constructor(onChange) {
    this.onChange = onChange;
    this.shown = "";
  }

  /** `words`: what `filterWords` says. */
  show(words) {
    const text = words.map((word) => word.text).join("\n");
    if (text === this.shown) {
      this.words = words;
      return;
    }
    const list = byId("chips");
    const at = [...list.querySelectorAll("button")].indexOf(document.activeElement);
    this.shown = text;
    this.words = words;
    byId("active").hidden = !words.length;
    list.replaceChildren(...words.map((word, k) => h("li", {},
      h("button", { type: "button", class: "chip", "aria-label": `Remove the filter ${word.text}`, onclick: () => this.onChange(this.words[k].off) },
        h("span", { dir: "auto" }, word.text), cross()))));
    if (at >= 0) (list.querySelectorAll("button")[Math.min(at, words.length - 1)] || byId("q")).focus();
  }
}

function cross() {
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const icon = make("svg", { viewBox: "0 0 16 16", width: "10", height: "10", "aria-hidden": "true", focusable: "false" });
  icon.append(make("path", { d: CROSS, fill: "none", stroke: "currentColor", "stroke-width": "2.2", "stroke-linecap": "round" }));
  return icon;
}
