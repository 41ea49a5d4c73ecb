// The picture: land and borders from our own files, names from CLDR through the server, and what desks draw on it.
import "maplibre-gl/dist/maplibre-gl.css";
import { type LngLatBoundsLike, Map as Picture, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { told } from "./clocks.ts";
import type { Rows } from "./live.ts";
import { card } from "./picture/card.ts";
import { images } from "./picture/images.ts";
import { Replay } from "./picture/replay.ts";
import { type Given, Store } from "./picture/store.ts";
import { colours, type Names, style } from "./picture/style.ts";
import { gridLines, measure, pick, readOut } from "./picture/tools.ts";

setWorkerUrl(worker);

type Collection = { features: Given[] };

async function fetched<T>(url: string): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/json", "Tansiq-Refreshed": "1" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as T;
}

const seat = (box: HTMLElement): object => ({
  type: "Feature", properties: { name: box.dataset.seatName },
  geometry: { type: "Point", coordinates: (box.dataset.seat ?? "0,0").split(",").map(Number) },
});

function corners(value: unknown): [number, number][] {
  const list = value as unknown[];
  return typeof list[0] === "number" ? [list as [number, number]] : list.flatMap(corners);
}

function bounds(features: Given[], home: string | undefined): LngLatBoundsLike {
  const points = features.flatMap((one) => corners(one.geometry.coordinates));
  const given = (home ?? "").split(",").map(Number);
  if (points.length === 0) return given.length === 4 ? (given as [number, number, number, number]) : [25, 20, 65, 45];
  const sides = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
  for (const [x, y] of points) {
    sides[0] = Math.min(sides[0], x), sides[1] = Math.min(sides[1], y);
    sides[2] = Math.max(sides[2], x), sides[3] = Math.max(sides[3], y);
  }
  return sides;
}

/** Whether nothing but this machine's processor draws: then the map moves at once, and smooths no edges of fills. */
function isSoft(): boolean {
  const pen = document.createElement("canvas").getContext("webgl2");
  if (!pen) return false;
  const told = pen.getExtension("WEBGL_debug_renderer_info");
  const drawer = String(pen.getParameter(told?.UNMASKED_RENDERER_WEBGL ?? pen.RENDERER));
  pen.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(drawer);
}

/** A map that is looked at from above shows no sky. Drawn all the same, under everything, it is a fifth of each frame. */
function withoutSky(picture: Picture): void {
  Object.assign(picture.style.sky, { getEvaluated: () => undefined });
}

function make(box: HTMLElement, names: Names, frame: LngLatBoundsLike): Picture {
  const { title = "", nearer = "", farther = "", ours = "", ownBorders, ownTitle = "" } = box.dataset;
  const own = ownBorders ? { url: ownBorders, title: ownTitle } : undefined;
  const soft = isSoft();
  const picture = new Picture({
    container: box, style: style(colours(), names, { ours: ours.split(","), seat: seat(box), soft, own }), reduceMotion: soft || undefined,
    bounds: frame, fitBoundsOptions: { padding: 60, maxZoom: 7 }, attributionControl: false, dragRotate: false, pitchWithRotate: false,
    renderWorldCopies: false, maxZoom: 15, fadeDuration: 0,
    locale: { "Map.Title": title, "NavigationControl.ZoomIn": nearer, "NavigationControl.ZoomOut": farther },
  });
  picture.getCanvas().setAttribute("role", "application");
  picture.touchZoomRotate.disableRotation();
  picture.addControl(new NavigationControl({ showCompass: false }), "top-left");
  picture.addControl(new ScaleControl(), "bottom-left");
  return picture;
}

async function draw(box: HTMLElement): Promise<void> {
  const frame = box.closest<HTMLElement>(".panel") ?? box.parentElement!;
  const around = box.parentElement!;
  const [acts, names] = await Promise.all([fetched<Collection>(box.dataset.acts!), fetched<Names>(box.dataset.names!)]);
  const home = box.dataset.tools === undefined ? acts.features : [];
  const picture = make(box, names, bounds(home, box.dataset.home));
  images(picture, colours());
  readOut(picture, around);
  await picture.once("load");
  withoutSky(picture);
  const store = new Store(picture, told);
  store.set("acts", "", acts.features);
  const measuring = measure(picture, frame);
  const picking = pick(picture);
  card(picture, store, around, () => measuring() || picking);
  gridLines(picture);
  seek(picture);
  const replay = frame.querySelector<HTMLElement>("[data-replay]");
  const slider = replay ? new Replay(replay, store, told, box.dataset.locale ?? "en") : undefined;
  await layers(frame, store);
  slider?.span();
  choices(frame, store);
  arriving(frame, store, slider);
  box.dataset.ready = "yes";
}

async function layers(frame: HTMLElement, store: Store, desks?: string[]): Promise<void> {
  const boxes = [...frame.querySelectorAll<HTMLInputElement>("[data-layer][data-url]")];
  const asked = boxes.filter(({ dataset: { desk } }) => !desks || desks.includes(desk ?? ""));
  await Promise.all(asked.map(async ({ dataset: { layer, desk, url } }) => {
    const { features } = await fetched<Collection>(url!);
    store.set(layer!, desk ?? "", features);
  }));
}

function choices(frame: HTMLElement, store: Store): void {
  const { choice } = store;
  frame.querySelector("[data-layers]")?.addEventListener("change", ({ target }) => {
    const { checked, dataset: { layer } } = target as HTMLInputElement;
    choice.hidden[checked ? "delete" : "add"](layer!);
    store.draw();
  });
  const authors = frame.querySelector<HTMLElement>("[data-authors]");
  authors?.addEventListener("change", () => {
    const boxes = [...authors.querySelectorAll<HTMLInputElement>("input")];
    choice.authors = boxes.every((box) => box.checked) ? undefined : new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    store.draw();
  });
  frame.querySelector("[data-map-filters]")?.addEventListener("change", ({ target }) => {
    const { value, dataset: { by } } = target as HTMLSelectElement;
    choice[by as "desk" | "kind" | "release"] = value || undefined;
    store.draw();
  });
}

function arriving(frame: HTMLElement, store: Store, slider: Replay | undefined): void {
  let waiting = 0;
  const desks = new Set<string>();
  document.addEventListener("tansiq:arrived", (event) => {
    const { detail } = event as CustomEvent<Rows>;
    if (slider) store.add("acts", detail.points as never);
    for (const desk of detail.desks) desks.add(desk);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      void layers(frame, store, [...desks]).then(() => slider?.span());
      desks.clear();
    }, 300);
  });
}

function seek(picture: Picture): void {
  document.querySelector<HTMLElement>("[data-box]")?.addEventListener("click", () => {
    const field = document.querySelector<HTMLInputElement>("input[name=box]");
    if (field) field.value = picture.getBounds().toArray().flat().map((value) => value.toFixed(3)).join(",");
  });
}

function begin(page: ParentNode): void {
  for (const box of page.querySelectorAll<HTMLElement>("[data-map]:not([data-begun])")) {
    box.dataset.begun = "yes";
    draw(box).catch(() => box.parentElement?.querySelector("[data-nomap]")?.removeAttribute("hidden"));
  }
}

document.addEventListener("tansiq:fresh", ({ target }) => begin(target as HTMLElement));
begin(document);
