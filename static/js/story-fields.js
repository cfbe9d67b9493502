// The fields of an event's card but its place: title, type, date, actors, deaths. Each is made once, writes into the event
// and calls `changed`; `focus` of each is what a key moves to.

import { h } from "./dom.js";
import { fromDay, toDay } from "./format.js";
import { DATE_PRECISIONS, freshId, shorten } from "./story-dom.js";

const FIGURES = [["low", "At least"], ["best", "Best figure"], ["high", "At most"]];

export function titleField(event, page, changed) {
  const title = h("input", { type: "text", id: freshId("title"), maxlength: "300" });
  title.value = event.title;
  title.addEventListener("input", () => { event.title = title.value; changed(); });
  return { node: h("div", { class: "field" }, h("label", { for: title.id }, "Title"), title), focus: title };
}

export function typeField(event, page, changed) {
  const select = h("select", { id: freshId("type") });
  for (const type of page.types.values()) {
    const group = h("optgroup", { label: type.name });
    group.append(new Option(`${type.name} (no sub-type)`, `${type.name}\n`));
    for (const sub of type.sub_types) group.append(new Option(sub.name, `${type.name}\n${sub.name}`));
    select.append(group);
  }
  select.value = `${event.event_type}\n${event.sub_event_type}`;
  const meaning = h("p", { class: "hint", id: freshId("meaning") });
  select.setAttribute("aria-describedby", meaning.id);
  const explain = () => {
    const type = page.types.get(event.event_type);
    const sub = type?.sub_types.find((item) => item.name === event.sub_event_type);
    meaning.textContent = `${event.event_type}${sub ? `. ${sub.definition}` : `. ${type?.definition || ""}`}`;
  };
  select.addEventListener("change", () => {
    [event.event_type, event.sub_event_type] = select.value.split("\n");
    explain();
    changed();
  });
  explain();
  return { node: h("div", { class: "field" }, h("label", { for: select.id }, "Type"), select, meaning), focus: select };
}

export function dateField(event, page, changed) {
  const [start, end] = ["start", "end"].map((name) => {
    const input = h("input", { type: "date", id: freshId(name), min: "0001-01-01", max: "9999-12-31" });
    input.value = event[name];
    return input;
  });
  const precision = choices(DATE_PRECISIONS, event.date_precision);
  const problem = h("p", { class: "field-problem", role: "alert", hidden: true });
  const words = page.points.of(event.when_span);
  const from = h("p", { class: "hint" }, ...(words ? ["From the words ", h("q", {}, shorten(words, 120))] : ["No words of this sentence say when."]));
  const clear = h("button", { type: "button", class: "link" }, "Take the date out");
  const read = () => {
    [event.start, event.end, event.date_precision] = [start.value, end.value, precision.value];
    tell(problem, [start, end], dateProblem(event));
    clear.hidden = !event.start && !event.end;
    changed();
  };
  start.addEventListener("change", () => {
    // One day, week, month: its end follows. A longer range keeps its latest day, unless the earliest passes it.
    const follows = !event.start || !event.end || event.end === wholeOf(event.start, precision.value)[1];
    if (start.value && (follows || end.value < start.value)) end.value = wholeOf(start.value, precision.value)[1];
    read();
  });
  end.addEventListener("change", () => {
    if (end.value && !start.value) start.value = end.value;
    read();
  });
  precision.addEventListener("change", () => {
    if (start.value) [start.value, end.value] = wholeOf(start.value, precision.value);
    read();
  });
  clear.addEventListener("click", () => { start.value = ""; end.value = ""; read(); start.focus(); });
  clear.hidden = !event.start && !event.end;
  const node = h("fieldset", { class: "field dates" }, h("legend", {}, "Date"),
    h("div", { class: "date-row" }, labelled("Earliest", start), labelled("Latest", end), labelled("Known to the", precision)),
    problem, h("div", { class: "hint-row" }, from, clear));
  return { node, focus: start };
}

export function actorsField(event, page, changed) {
  const actors = h("textarea", { id: freshId("actors"), rows: String(Math.max(2, event.actors.length)), maxlength: "5000", spellcheck: "false" });
  const hint = h("p", { class: "hint", id: freshId("hint") }, "As the text names them, one a line.");
  actors.setAttribute("aria-describedby", hint.id);
  actors.value = event.actors.join("\n");
  actors.addEventListener("input", () => {
    event.actors = actors.value.split("\n").map((line) => line.trim()).filter(Boolean);
    changed();
  });
  return { node: h("div", { class: "field" }, h("label", { for: actors.id }, "Actors"), actors, hint), focus: actors };
}

export function deathsField(event, page, changed) {
  const problem = h("p", { class: "field-problem", role: "alert", hidden: true });
  const inputs = FIGURES.map(([name]) => {
    const input = h("input", { type: "number", id: freshId(name), min: "0", max: "1000000000", step: "1", inputmode: "numeric" });
    input.value = event.fatalities?.[name] ?? "";
    return input;
  });
  const read = () => {
    const figures = Object.fromEntries(FIGURES.map(([name], at) => [name, inputs[at].value === "" ? null : Number(inputs[at].value)]));
    event.fatalities = Object.values(figures).some((figure) => figure !== null) ? figures : null;
    tell(problem, inputs, deathsProblem(event));
    changed();
  };
  for (const input of inputs) input.addEventListener("change", read);
  const node = h("fieldset", { class: "field" }, h("legend", {}, "Deaths"),
    h("div", { class: "date-row" }, ...FIGURES.map(([, text], at) => labelled(text, inputs[at]))), problem,
    h("p", { class: "hint" }, "Empty where the text gives no such figure."));
  return { node, focus: inputs[1] };
}

function tell(problem, inputs, wrong) {
  problem.textContent = wrong;
  problem.hidden = !wrong;
  for (const input of inputs) input.setAttribute("aria-invalid", String(Boolean(wrong)));
}

function labelled(text, input) {
  input.id ||= freshId("field");
  return h("div", { class: "labelled" }, h("label", { for: input.id }, text), input);
}

export function choices(words, value) {
  const select = h("select", { id: freshId("choice") });
  for (const [name, text] of Object.entries(words)) select.append(new Option(text, name));
  select.value = value;
  return select;
}

/** What of an event cannot be saved, or "". */
export const eventProblem = (event) => dateProblem(event) || deathsProblem(event);

function dateProblem(event) {
  if (!event.start && !event.end) return "";
  if (!event.start || !event.end) return "Give both dates, or take the date out.";
  return event.end < event.start ? "The latest date is before the earliest." : "";
}

function deathsProblem(event) {
  const given = FIGURES.map(([name]) => event.fatalities?.[name] ?? null).filter((figure) => figure !== null);
  if (given.some((figure) => !Number.isInteger(figure) || figure < 0)) return "Deaths are whole numbers from 0.";
  return given.some((figure, at) => at && figure < given[at - 1]) ? "“At least” cannot be above the best figure, nor that above “at most”." : "";
}

/** The first and last day of the week (from Monday), month or year that holds `day`; the day itself otherwise. */
function wholeOf(day, precision) {
  const number = toDay(day);
  const [year, month] = day.split("-");
  if (precision === "week") {
    const monday = number - ((number + 3) % 7 + 7) % 7;
    return [fromDay(monday), fromDay(monday + 6)];
  }
  if (precision === "month") {
    const next = new Date(Date.UTC(Number(year), Number(month), 1));
    return [`${year}-${month}-01`, fromDay(Math.round(next.getTime() / 86_400_000) - 1)];
  }
  if (precision === "season") return [day, fromDay(number + 89)];
  return precision === "year" ? [`${year}-01-01`, `${year}-12-31`] : [day, day];
}
