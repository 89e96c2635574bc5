// Days as `2026-03-11`, counted in UTC so that no machine's own zone moves them; weeks begin on Monday.
export const WEEKDAYS = ["一", "二", "三", "四", "五", "六", "日"];
const DAY_MS = 86_400_000;
const WRITTEN = [
  /^(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/,
  /^(20\d\d)(\d\d)(\d\d)$/,
  /^(\d{1,2})[-/.月](\d{1,2})日?$/,
];

const number = (day) => Date.parse(`${day}T00:00:00Z`);
const written = (moment) => new Date(moment).toISOString().slice(0, 10);

/** Today in the mall, whatever the machine's zone and clock say. */
export function today() {
  return document.documentElement.dataset.today ?? written(Date.now() + 8 * 3_600_000);
}

/** The day that somebody wrote, in any usual form; null when it is none. */
export function readDay(text) {
  const plain = text.normalize("NFKC").replace(/\s/g, "");
  for (const form of WRITTEN) {
    const found = form.exec(plain);
    if (!found) continue;
    const [year, month, day] = found.length === 4 ? found.slice(1) : [today().slice(0, 4), found[1], found[2]];
    return real(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
  }
  return null;
}

/** No 30th of February: a day that moves when it is counted is none. */
function real(day) {
  const moment = number(day);
  return !Number.isNaN(moment) && written(moment) === day ? day : null;
}

/** `2026 年 10 月 5 日`. */
export function showDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${monthText(year, month)} ${date} 日`;
}

/** `2026 年 10 月`: the month that holds the day. */
export function showMonth(day) {
  return monthText(...day.split("-").map(Number));
}

function monthText(year, month) {
  return `${year} 年 ${month} 月`;
}

export function addDays(day, count) {
  return written(number(day) + count * DAY_MS);
}

/** The same day so many months on, or the last of that month. */
export function addMonths(day, count) {
  const [year, month, date] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return written(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

/** How many days after Monday. */
export function weekday(day) {
  return (new Date(number(day)).getUTCDay() + 6) % 7;
}

/** The six weeks that a month's page shows, beginning on the Monday on or before its first day. */
export function weeksOf(day) {
  const first = `${day.slice(0, 7)}-01`;
  const monday = addDays(first, -weekday(first));
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, at) => addDays(monday, week * 7 + at)));
}

/** The time of the day that somebody wrote, as `HH:MM`; null when it is none. */
export function readTime(text) {
  const plain = text.normalize("NFKC").replace(/\s/g, "").replace("半", "30分");
  const found = /^(\d{1,2})(?:[:点时](\d{1,2})?分?)?$/.exec(plain) ?? /^(\d{1,2})(\d\d)$/.exec(plain);
  if (!found || Number(found[1]) > 23 || Number(found[2] ?? 0) > 59) return null;
  return `${found[1].padStart(2, "0")}:${(found[2] ?? "0").padStart(2, "0")}`;
}
