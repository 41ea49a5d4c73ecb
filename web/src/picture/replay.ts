import type { Store } from "./store.ts";

const STEPS = 1000;
const BARS = 72;
const HOUR_MS = 3_600_000;
const LONGEST_MS = 45 * 24 * HOUR_MS;
const FRAME_MS = 100;

const hour = (time: number): string => new Date(time).toISOString().slice(11, 16) + "Z";
const day = (time: number, locale: string): string =>
  new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short" }).format(time);

/** A day in the reader's own words beside an hour in digits: each an isolate, so that neither runs into the other. */
const moment = (time: number, locale: string): string => `\u2068${day(time, locale)}\u2069 \u2066${hour(time)}\u2069`;

/** The time slider: what held at a moment is shown; at its end it is live again. */
export class Replay {
  private readonly slider: HTMLInputElement;
  private readonly shown: HTMLElement;
  private from = 0;
  private until = 0;
  private playing = 0;

  constructor(private readonly box: HTMLElement, private readonly store: Store, private readonly now: () => number, private readonly locale: string) {
    this.slider = box.querySelector<HTMLInputElement>("[data-time]")!;
    this.shown = box.querySelector<HTMLElement>("[data-shown-time]")!;
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    box.querySelector("[data-live-now]")!.addEventListener("click", () => this.show(STEPS));
    box.querySelector("[data-play]")!.addEventListener("click", () => this.play(!this.playing));
    box.querySelector("[data-step]")!.addEventListener("click", () => {
      const step = (HOUR_MS / (this.until - this.from)) * STEPS;
      this.show(Math.max(0, Number(this.slider.value) - step));
    });
  }

  /** Spans the slider over all that is known, and draws how much there was when. */
  span(): void {
    this.until = this.now();
    const past = this.store.times().filter((time) => time < this.until);
    const earliest = past.reduce((least, time) => Math.min(least, time), this.until - 24 * HOUR_MS);
    this.from = Math.max(earliest, this.until - LONGEST_MS);
    const counts = new Array<number>(BARS).fill(0);
    for (const time of past) if (time >= this.from) counts[this.bar(time)]!++;
    const most = Math.max(...counts, 1);
    const bars = this.box.querySelector<HTMLElement>("[data-bars]")!;
    bars.replaceChildren(...counts.map((count) => {
      const bar = document.createElement("i");
      bar.style.setProperty("block-size", `${count ? 3 + Math.round((19 * count) / most) : 1}px`);
      return bar;
    }));
    const hours = this.box.querySelector<HTMLElement>("[data-hours]")!;
    hours.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map((part) => {
      const label = document.createElement("span");
      const time = this.from + part * (this.until - this.from);
      label.textContent = this.until - this.from > 4 * 24 * HOUR_MS ? day(time, this.locale) : moment(time, this.locale);
      return label;
    }));
    this.mark();
  }

  private bar(time: number): number {
    return Math.min(BARS - 1, Math.floor(((time - this.from) / (this.until - this.from)) * BARS));
  }

  private show(step: number): void {
    this.slider.value = String(step);
    const live = step >= STEPS;
    if (live) this.play(false);
    this.store.choice.at = live ? undefined : this.from + (step / STEPS) * (this.until - this.from);
    this.store.draw();
    this.mark();
  }

  private mark(): void {
    const at = this.store.choice.at;
    const label = at === undefined ? hour(this.now()) : moment(at, this.locale);
    this.shown.textContent = label;
    this.slider.setAttribute("aria-valuetext", label);
    this.box.querySelector("[data-live-now]")!.setAttribute("aria-pressed", String(at === undefined));
    const upto = this.bar(at ?? this.until);
    [...this.box.querySelectorAll("[data-bars] i")].forEach((bar, n) => bar.classList.toggle("in", n <= upto));
  }

  private play(on: boolean): void {
    clearInterval(this.playing);
    this.playing = 0;
    this.box.querySelector("[data-play]")!.setAttribute("aria-pressed", String(on));
    if (!on) return;
    if (this.store.choice.at === undefined) this.show(0);
    this.playing = window.setInterval(() => {
      const speed = Number(this.box.querySelector<HTMLSelectElement>("[data-speed]")!.value);
      this.show(Math.min(STEPS, Number(this.slider.value) + ((speed * FRAME_MS) / (this.until - this.from)) * STEPS));
    }, FRAME_MS);
  }
}
