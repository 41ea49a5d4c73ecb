const SOUND = "tansiq-sound";
const rung = new Set<string>(JSON.parse(sessionStorage.getItem("tansiq-rung") ?? "[]") as string[]);

/** Tells of each flash once in a session: to screen readers, and by a tone where the officer has asked for one. */
export function alarm(page: Document, flash: string[]): void {
  const fresh = flash.filter((act) => !rung.has(act));
  for (const act of fresh) rung.add(act);
  sessionStorage.setItem("tansiq-rung", JSON.stringify([...rung].slice(-100)));
  page.title = page.title.replace(/^\(!\) /, "");
  if (flash.length > 0) page.title = `(!) ${page.title}`;
  if (fresh.length === 0) return;
  const region = page.querySelector<HTMLElement>("[data-alarm]");
  const title = page.querySelector(`.need.flash a[href="/acts/${fresh[0]}"]`)?.textContent ?? "";
  if (region) region.textContent = (region.dataset.words ?? "").replace("{title}", title);
  if (localStorage.getItem(SOUND) === "on") tone();
}

/** The box that asks for a tone; kept in this browser. */
export function sound(page: Document): void {
  const label = page.querySelector<HTMLElement>("[data-sound]");
  const box = label?.querySelector<HTMLInputElement>("input");
  if (!label || !box) return;
  label.hidden = false;
  box.checked = localStorage.getItem(SOUND) === "on";
  box.addEventListener("change", () => {
    localStorage.setItem(SOUND, box.checked ? "on" : "off");
    if (box.checked) tone();
  });
}

function tone(): void {
  const air = new AudioContext();
  const [pipe, volume] = [air.createOscillator(), air.createGain()];
  volume.gain.setValueAtTime(0.12, air.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, air.currentTime + 0.9);
  pipe.frequency.setValueAtTime(880, air.currentTime);
  pipe.frequency.setValueAtTime(660, air.currentTime + 0.25);
  pipe.connect(volume).connect(air.destination);
  pipe.start();
  pipe.stop(air.currentTime + 1);
  pipe.onended = () => void air.close();
}
