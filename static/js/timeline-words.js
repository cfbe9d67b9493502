// What the timeline says in words: a bar, an edge.

import { plural } from "./format.js";

/** "12 events"; where dates are doubtful: "9 events surely, 3 more possibly". */
export function barInWords({ surely, possibly }, k) {
  const more = possibly[k] - surely[k];
  if (!more) return plural(possibly[k], "event");
  return surely[k] ? `${plural(surely[k], "event")} surely, ${more.toLocaleString("en-GB")} more possibly` : `${plural(more, "event")} possibly`;
}

/** The date of an edge; where the axis does not show it, that too. */
export const edgeInWords = (date, { axis, chosen }) => (axis.whole || chosen ? date : `${date}, all dates`);
