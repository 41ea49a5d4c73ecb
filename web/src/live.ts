import { alarm } from "./alarm.ts";
import { fresh, put, remember } from "./fresh.ts";
import { filterFeed } from "./lists.ts";
import { type Hello, Stream, type Told } from "./stream.ts";
import worker from "./stream.worker.ts?sharedworker&url";

const ROWS_MAX = 200;

export type Rows = { newest: number; html: string; desks: string[]; threads: string[]; points: object[] };
type State = { html: string; settled: number; opened: Record<string, number>; last_ms: number | null };
type Needs = { html: string; count: string; desks: Record<string, string>; flash: string[] };

/** Listens to the live stream and keeps the page abreast: feed, ticks, strip, what needs a person, and the page's pieces. */
export function live(page: Document): void {
  const { live: address, liveName, newest } = page.body.dataset;
  if (!address) return;
  remember(page);
  const hello: Hello = { address: new URL(address, location.href).href, newest: Number(newest) };
  const hear = (told: Told): void => heard[told.event]?.(page, told.data as never);
  if (typeof SharedWorker === "undefined") {
    new Stream(hello.address, hello.newest).add(hear, hello.newest);
    return;
  }
  const { port } = new SharedWorker(worker, { name: `${liveName} ${worker}` });
  port.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
  port.postMessage(hello);
  addEventListener("pagehide", () => port.postMessage("bye"));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

const heard: Record<string, (page: Document, data: never) => void> = {
  rows: (page, data: Rows) => {
    insert(page, data);
    page.dispatchEvent(new CustomEvent<Rows>("tansiq:arrived", { detail: data }));
    const { watchDesk, watchThread, watchAll } = page.querySelector<HTMLElement>("#work")!.dataset;
    if (watchAll !== undefined || data.desks.includes(watchDesk ?? "") || data.threads.includes(watchThread ?? "")) fresh(page);
  },
  state: (page, data: State) => {
    put(page.querySelector<HTMLElement>("#state")!, data.html);
    tick(page, data);
    const link = page.querySelector<HTMLElement>("#link");
    const last = link?.querySelector<HTMLElement>("[data-last-entry]");
    if (last && data.last_ms) last.textContent = new Date(data.last_ms).toISOString().slice(11, 16) + "Z";
  },
  needs: (page, data: Needs) => {
    const box = page.querySelector<HTMLElement>("[data-needs]");
    if (box) put(box, data.html);
    count(page, data);
    alarm(page, data.flash);
  },
  behind: (page) => fresh(page),
  link: (page, state: string) => page.querySelector("#link")?.setAttribute("data-link", state),
  delay: (page, delay: number) => {
    const face = page.querySelector<HTMLElement>("[data-delay]");
    if (!face) return;
    const number = new Intl.NumberFormat(face.dataset.locale).format(delay);
    face.textContent = (face.dataset.unit ?? "{count}").replace("{count}", number);
  },
  ended: () => location.assign(`/enter?to=${encodeURIComponent(location.pathname + location.search)}`),
};

function insert(page: Document, rows: Rows): void {
  const feed = page.querySelector<HTMLElement>("[data-feed]");
  if (!feed) return;
  const made = page.createElement("template");
  made.innerHTML = rows.html;
  for (const row of made.content.querySelectorAll<HTMLElement>("[data-entry]")) {
    if (feed.querySelector(`[data-entry="${row.dataset.entry}"]`)) row.remove();
  }
  feed.prepend(made.content);
  while (feed.children.length > ROWS_MAX) feed.lastElementChild?.remove();
  feed.parentElement?.querySelector("[data-empty]")?.remove();
  filterFeed(page);
}

/** Turns ordered into settled, and a hollow code into a filled one, wherever they stand. */
function tick(page: Document, { settled, opened }: State): void {
  for (const ticks of page.querySelectorAll<HTMLElement>(".ticks[data-index]")) {
    const index = Number(ticks.dataset.index);
    ticks.dataset.settled = index < settled ? "yes" : "no";
    for (const code of ticks.querySelectorAll<HTMLElement>("[data-opener]")) {
      code.classList.toggle("hollow", (opened[code.dataset.opener!] ?? 0) <= index);
    }
  }
  const watched = page.querySelector<HTMLElement>("#work")?.dataset.waits;
  if (watched !== undefined && Number(watched) < settled) {
    delete page.querySelector<HTMLElement>("#work")!.dataset.waits;
    fresh(page);
  }
}

function count(page: Document, needs: Needs): void {
  for (const face of page.querySelectorAll<HTMLElement>("[data-count]")) {
    const found = needs.desks[face.dataset.count!];
    face.hidden = found === undefined;
    face.textContent = found ?? "";
  }
  for (const face of page.querySelectorAll<HTMLElement>("[data-count-needs], [data-count-all]")) face.textContent = needs.count;
  page.querySelector("[data-bell]")?.classList.toggle("hot", needs.flash.length > 0);
}
