const SECOND = 1000;

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
  const told = Number(page.querySelector<HTMLElement>("[data-now]")?.dataset.now);
  const ahead = told ? told - Date.now() : 0;
  const tick = (): void => {
    const now = new Date(Date.now() + ahead);
    for (const { face, write } of faces) {
      const text = write.format(now);
      if (face.textContent !== text) face.textContent = text;
    }
    setTimeout(tick, SECOND - (Date.now() % SECOND));
  };
  tick();
}
