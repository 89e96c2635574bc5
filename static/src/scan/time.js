// Moments on the mall's wall clock, whatever zone the device is in.

const CLOCK = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false,
});

export function clockTime(moment) {
  return CLOCK.format(new Date(moment));
}

// How long it is until a moment, as `4:05`; `0:00` when it is past.
export function leftText(moment) {
  const seconds = Math.max(0, Math.ceil((Date.parse(moment) - Date.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
