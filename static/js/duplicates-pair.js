// One pair side by side: what each report says, what differs, and what the merged event would say. All text goes in
// as text.

import { h, safeHref } from "./dom.js";
import { dateDoubt, day, deaths, placeDoubt, placeName, plural, when } from "./format.js";
import { swatch } from "./shapes.js";
import { DATE_PRECISIONS, STATUS_WORDS, freshId, typeColour } from "./story-dom.js";
import { theme } from "./theme.js";

const LETTERS = ["A", "B"];

const ROWS = [
  ["title", "Title", (event) => [event.title || "No title"]],
  ["quote", "Words", (event) => [event.quote ? h("q", { dir: "auto" }, event.quote) : "No words kept"]],
  ["type", "Type", (event, styles) => [kind(event, styles)]],
  ["when", "When", (event) => doubted(capital(when(event)), dateDoubt(event))],
  ["place", "Where", (event) => doubted(capital(placeName(event)), event.precision === "exact" ? "" : placeDoubt(event))],
  ["fatalities", "Deaths", (event) => [deaths(event.fatalities) || "Not told"], (event) => event.fatalities],
  ["actors", "Actors", (event) => [event.actors.join(", ") || "None named"], (event) => event.actors.length],
  ["source", "Source", (event) => [sources(event)]],
];

/** The table of a pair. `page` = { styles }; `stays` is 0 or 1; `onStays(index)`. Has `changes()`: what was edited. */
export function pairTable(pair, stays, page, onStays) {
  const differing = new Set(pair.differing);
  const together = pair.together[stays];
  const when = differing.has("when") ? dateFields(together) : null;
  const dead = differing.has("fatalities") ? deathFields(together) : null;
  const edited = { when, fatalities: dead };
  const row = ([name, label, cell]) => {
    const differs = differing.has(name);
    const mark = differs ? h("span", { class: "tag flag" }, "differs") : null;
    const own = pair.events.map((event, at) => h("td", { role: "cell", dir: "auto", "data-letter": LETTERS[at] }, ...cell(event, page.styles)));
    const whole = h("td", { role: "cell", class: "together", dir: "auto" }, ...(edited[name] ? [edited[name].node] : cell(together, page.styles)));
    return h("tr", { role: "row", class: differs ? "differs" : null, "data-row": name }, h("th", { role: "rowheader", scope: "row" }, label, mark), ...own, whole);
  };
  const node = h("table", { class: "pair-table", role: "table" },
    h("caption", { class: "quiet" }, "The two reports and the merged event"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
      h("td", { role: "cell" }),
      ...pair.events.map((event, at) => head(event, at, stays, page, onStays)),
      h("th", { role: "columnheader", scope: "col" }, h("span", { class: "pair-name" }, "Merged"), h("span", { class: "muted small-text" }, `keeps the id and story of ${LETTERS[stays]}`)))),
    h("tbody", { role: "rowgroup" }, ...ROWS.filter(([, , , told]) => !told || pair.events.some(told)).map(row)));
  return { node, changes: () => ({ ...when?.value(), ...(dead ? { fatalities: dead.value() } : {}) }), problem: () => when?.problem() || dead?.problem() || "" };
}

/** A column's head: its letter, its status, and the choice that it is the one that stays. */
function head(event, at, stays, page, onStays) {
  const pin = h("span", { class: "pin" }, LETTERS[at]);
  pin.style.setProperty("--type", typeColour(page.styles.get(event.type)));
  const choice = h("input", { type: "radio", name: "stays", id: freshId("stays"), value: String(at), onchange: () => onStays(at) });
  choice.checked = at === stays;
  return h("th", { role: "columnheader", scope: "col" },
    h("span", { class: "pair-name" }, pin, h("span", { class: "quiet" }, "Report "), h("span", { class: `tag ${event.status}` }, STATUS_WORDS[event.status])),
    h("label", { class: "pair-stays", for: choice.id }, choice, `Keep ${LETTERS[at]}`));
}

function kind(event, styles) {
  const style = styles.get(event.type);
  const name = event.sub_type && event.sub_type !== event.type ? event.sub_type : event.type;
  return h("span", { class: "pair-kind" }, style ? swatch(style, theme(), event.status === "draft") : "", h("span", {}, name));
}

const doubted = (text, doubt) => [text, doubt ? h("span", { class: "pair-doubt" }, doubt) : null].filter(Boolean);

function sources(event) {
  const lines = event.sources.map((item) => {
    const href = safeHref(item.url);
    const name = item.title || item.publisher || item.url || "Without a title";
    const rest = [item.title ? item.publisher : "", item.published ? day(item.published) : ""].filter(Boolean).join(", ");
    return h("li", {}, href ? h("a", { href, rel: "noopener noreferrer", target: "_blank" }, name) : name, rest ? h("span", { class: "muted" }, ` ${rest}`) : null);
  });
  const story = event.doc_id ? h("li", {}, h("a", { href: `/stories/${encodeURIComponent(event.doc_id)}?event=${encodeURIComponent(event.id)}` }, "Open in its story")) : null;
  return h("ul", { class: "pair-sources" }, ...lines, story);
}

/** Earliest and latest day with their precision, filled with what both reports allow. */
function dateFields(event) {
  const [start, end] = ["start", "end"].map((name) => {
    const input = h("input", { type: "date", id: freshId(name), min: "0001-01-01", max: "9999-12-31" });
    input.value = event[name] || "";
    return input;
  });
  const precision = h("select", { id: freshId("precision") });
  for (const [name, text] of Object.entries(DATE_PRECISIONS)) precision.append(new Option(text, name));
  precision.value = event.date_precision || "day";
  const node = h("div", { class: "pair-fields" }, field("Earliest", start), field("Latest", end), field("Known to the", precision));
  const problem = () => (!start.value || !end.value ? "Give both dates." : end.value < start.value ? "The latest date is before the earliest." : "");
  return { node, problem, value: () => ({ start: start.value, end: end.value, date_precision: precision.value }) };
}

/** Lowest, best and highest figure, filled with the span of both reports. */
function deathFields(event) {
  const names = { low: "Lowest", best: "Best", high: "Highest" };
  const inputs = Object.fromEntries(Object.keys(names).map((name) => {
    const input = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]*", id: freshId(name), maxlength: "7", autocomplete: "off" });
    input.value = event.fatalities?.[name] ?? "";
    return [name, input];
  }));
  const node = h("div", { class: "pair-fields" }, ...Object.entries(names).map(([name, text]) => field(text, inputs[name])));
  const value = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim() === "" ? null : Number(input.value)]));
  const problem = () => {
    const figures = Object.values(value()).filter((figure) => figure !== null);
    if (!figures.every((figure) => Number.isInteger(figure) && figure >= 0)) return "Deaths are whole numbers.";
    return figures.every((figure, at) => !at || figures[at - 1] <= figure) ? "" : "The lowest, best and highest figure have to rise.";
  };
  return { node, problem, value };
}

const field = (text, input) => h("div", { class: "pair-field" }, h("label", { for: input.id }, text), input);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Why the pair is suggested: for, against, and how likely. */
export function reasonsBox(pair) {
  const list = (items, sign, name) => (items.length ? h("ul", { class: `pair-why ${sign}`, "aria-label": name }, ...items.map((text) => h("li", {}, capital(text)))) : null);
  return h("div", { class: "pair-reasons" },
    h("p", { class: "pair-score" }, h("strong", {}, `${Math.round(pair.score * 100)} %`), " alike"),
    list(pair.reasons, "for", "For one event"),
    list(pair.doubts, "against", "Against"),
    pair.others ? h("p", { class: "muted small-text" }, `One or both are also like ${plural(pair.others, "other event")}; those come up on their own.`) : null);
}
