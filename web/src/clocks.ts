const SECOND = 1000;

const given = Number(document.querySelector<HTMLElement>("time[data-now]")?.dataset.now);
const ahead = given ? given - Date.now() : 0;

/** The centre's time now, in milliseconds: it may be an exercise's. */
export const told = (): number => Date.now() + ahead;

/** Keeps every `<time data-zone>` at the present minute (`data-seconds`: second) in the reader's digits. The centre's time
 *  (`data-now`, milliseconds) may be an exercise's: what lies between it and this machine's stays the same. */
export function clocks(page: Document): void {
  const faces = [...page.querySelectorAll<HTMLElement>("time[data-zone]")].map((face) => ({
    face,
    write: new Intl.DateTimeFormat(face.dataset.locale, {
      timeZone: face.dataset.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      ...(face.dataset.seconds === undefined ? {} : { second: "2-digit" as const }),
    }),
  }));
  if (faces.length === 0) return;
  const tick = (): void => {
    const now = new Date(told());
    for (const { face, write } of faces) {
      const text = write.format(now);
      if (face.textContent !== text) face.textContent = text;
    }
    setTimeout(tick, SECOND - (Date.now() % SECOND));
  };
  tick();
}
