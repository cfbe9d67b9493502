// Making elements. Text always goes in as text: nothing in this project sets innerHTML.

/** The element with this id; an error names the one that a template lacks. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return found;
}

/** `h("button", { class: "link", onclick: f, "aria-label": "Close" }, "text", child)`; null children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** `href` where it is an http or https address, else null: no javascript:, no data:. */
export function safeHref(href) {
  try {
    const url = new URL(href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** Calls `task` once things have been quiet for `wait` milliseconds. */
export function settled(task, wait) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => task(...given), wait);
  };
}

/** Resolves with `promise`, or after `wait` milliseconds. */
export const soonest = (promise, wait) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, wait))]);
