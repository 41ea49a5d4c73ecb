// One live stream for all tabs of a browser that read alike: a browser has six connections to a server, and more tabs.
// Runs as a shared worker; where there is none (`listen` called from the page), in the page itself.

export type Told = { event: string; data: unknown };
export type Hello = { address: string; newest: number };
type Teller = (told: Told) => void;
type Rows = { newest: number };

const SILENT_MS = 12_000;
const AGAIN_MS = [300, 1_000, 2_000, 4_000];
const DELAY_EVERY_MS = 20_000;
const KEPT = 60;
const EVENTS = ["rows", "state", "needs", "behind", "ended"];

/** Follows the server, comes back after every loss from the last entry that was told, and tells each listener. */
export class Stream {
  private readonly listeners = new Set<Teller>();
  private readonly last = new Map<string, Told>();
  private readonly rows: { told: Told; newest: number }[] = [];
  private source: EventSource | undefined;
  private silent = 0;
  private tries = 0;
  private measuring = 0;
  private ended = false;
  private covered: number;
  private newest: number;

  constructor(private readonly address: string, newest: number) {
    this.covered = this.newest = newest;
    this.open();
    this.measure();
    this.measuring = setInterval(() => this.measure(), DELAY_EVERY_MS) as unknown as number;
  }

  /** Begins to tell a listener who has everything up to *newest*: first what it missed, then what comes. */
  add(teller: Teller, newest: number): void {
    this.listeners.add(teller);
    if (newest < this.covered) teller({ event: "behind", data: {} });
    for (const { told, newest: upto } of this.rows) if (upto > newest) teller(told);
    for (const told of this.last.values()) teller(told);
  }

  remove(teller: Teller): void {
    this.listeners.delete(teller);
  }

  private open(): void {
    this.source?.close();
    if (this.ended) return;
    const source = (this.source = new EventSource(`${this.address}&after=${this.newest}`));
    this.listen();
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => this.hear(event, JSON.parse((message as MessageEvent<string>).data)));
    }
    // The browser itself comes back with Last-Event-ID; where the server answered with a failure it gives up, and we try.
    source.onerror = () => {
      this.tell({ event: "link", data: "lost" });
      if (source.readyState !== EventSource.CLOSED) return;
      this.measure();
      this.again();
    };
  }

  private again(): void {
    this.source?.close();
    const wait = AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)]!;
    setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }

  private listen(): void {
    clearTimeout(this.silent);
    this.silent = setTimeout(() => {
      this.tell({ event: "link", data: "lost" });
      this.again();
    }, SILENT_MS) as unknown as number;
  }

  private hear(event: string, data: unknown): void {
    this.listen();
    this.tries = 0;
    if (event !== "ended") this.tell({ event: "link", data: "live" });
    const told = { event, data };
    if (event === "rows") this.keep(told, (data as Rows).newest);
    if (event === "behind") {
      this.rows.length = 0;
      this.covered = this.newest = (data as Rows).newest;
    }
    if (event === "ended") this.end();
    this.tell(told);
  }

  private end(): void {
    clearTimeout(this.silent);
    clearInterval(this.measuring);
    this.source?.close();
    this.ended = true;
  }

  private keep(told: Told, newest: number): void {
    this.newest = newest;
    this.rows.push({ told, newest });
    if (this.rows.length > KEPT) this.covered = this.rows.shift()!.newest;
  }

  private tell(told: Told): void {
    if (told.event !== "rows" && told.event !== "behind") this.last.set(told.event, told);
    for (const teller of this.listeners) teller(told);
  }

  private measure(): void {
    const began = performance.now();
    fetch("/live/echo", { cache: "no-store" })
      .then(({ status }) => {
        if (status === 401) return this.hear("ended", {});
        this.tell({ event: "delay", data: Math.max(1, Math.round(performance.now() - began)) });
      })
      .catch(() => this.tell({ event: "link", data: "lost" }));
  }
}
