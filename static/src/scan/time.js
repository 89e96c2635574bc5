// Moments on the mall's wall clock, whatever zone the device is in.

const CLOCK = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false,
});

export function clockTime(moment) {
  return CLOCK.format(new Date(moment));
}
