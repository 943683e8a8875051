import { language } from "./strings.js";

const locale = () => (language === "ko" ? "ko-KR" : "en-GB");
const formats = new Map();

// A zone that this browser does not know is shown as UTC, and named so.
function format(timeZone, options) {
  const key = JSON.stringify([locale(), timeZone, options]);
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat(locale(), { ...options, timeZone });
    } catch {
      made = new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" });
    }
    formats.set(key, made);
  }
  return formats.get(key);
}

/** The zone that is so far from UTC, such as +05:30; null when nobody knows how far. */
export function offsetZone(seconds) {
  if (seconds === undefined || seconds === null) return null;
  const minutes = Math.abs(Math.round(seconds / 60));
  return `${seconds < 0 ? "-" : "+"}${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** The moment of one of Slack's timestamps. */
export const at = ts => new Date(Number(ts.split(".")[0]) * 1000);

export const day = (moment, zone) => format(zone, { weekday: "long", month: "long", day: "numeric" }).format(moment);
export const clock = (moment, zone) => format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);

/** A moment in full, with the zone that it is told in. */
export const inFull = (moment, zone) => format(zone, {
  weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short",
}).format(moment);

/** What a zone is called, with how far it is from UTC now, such as Europe/Berlin (GMT+1). */
export function zoneName(zone) {
  const part = format(zone, { timeZoneName: "shortOffset" }).formatToParts(new Date()).find(one => one.type === "timeZoneName");
  return part ? `${zone} (${part.value})` : zone;
}

// Of the words that Slack knows in <!date^…>, those that are of use here.
const words = {
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

/** Slack's date formats, such as {date_short_pretty} {time}, by somebody's clock. */
export const dateFormat = (moment, pattern, zone) => pattern.replace(/\{(\w+)\}/g, (all, word) => {
  const options = words[word.replace(/_pretty$/, "")];
  return options ? format(zone, options).format(moment) : all;
});
