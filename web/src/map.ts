// The picture: land and borders from our own files, names from CLDR through the server, acts as points that cluster.
import "maplibre-gl/dist/maplibre-gl.css";
import { type GeoJSONSource, type LngLatBoundsLike, Map as Picture, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { type Colours, style } from "./style.ts";

setWorkerUrl(worker);

type Point = { geometry: { coordinates: [number, number] }; properties: { href: string; title: string; ref: string } };

const colours = (): Colours => {
  const read = getComputedStyle(document.documentElement);
  return new Proxy({} as Colours, { get: (_, name) => read.getPropertyValue(`--${String(name)}`).trim() });
};

const words = (box: HTMLElement): Record<string, string> => ({
  "Map.Title": box.dataset.title ?? "", "NavigationControl.ZoomIn": box.dataset.nearer ?? "",
  "NavigationControl.ZoomOut": box.dataset.farther ?? "",
});

async function fetched<T>(url: string): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as T;
}

const seat = (box: HTMLElement): object => ({
  type: "Feature", properties: { name: box.dataset.seatName },
  geometry: { type: "Point", coordinates: (box.dataset.seat ?? "0,0").split(",").map(Number) },
});

function bounds(points: Point[], home: string | undefined): LngLatBoundsLike {
  const given = (home ?? "").split(",").map(Number);
  if (points.length === 0 && given.length === 4) return given as [number, number, number, number];
  const [x, y] = [points.map((p) => p.geometry.coordinates[0]), points.map((p) => p.geometry.coordinates[1])];
  return points.length ? [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)] : [25, 20, 65, 45];
}

async function draw(box: HTMLElement): Promise<void> {
  const acts = await fetched<{ features: Point[] }>(box.dataset.acts!);
  const names = await fetched<Record<string, string>>(box.dataset.names!);
  const frame = bounds(acts.features, box.dataset.home);
  const picture = new Picture({
    container: box, style: style(colours(), names, { acts, ours: (box.dataset.ours ?? "").split(","), seat: seat(box) }),
    bounds: frame, fitBoundsOptions: { padding: 70, maxZoom: 5.5 }, attributionControl: false, locale: words(box), dragRotate: false,
    pitchWithRotate: false, renderWorldCopies: false, maxZoom: 14,
  });
  picture.touchZoomRotate.disableRotation();
  picture.addControl(new NavigationControl({ showCompass: false }), "bottom-left");
  picture.addControl(new ScaleControl(), "bottom-right");
  listen(picture, box);
}

function listen(picture: Picture, box: HTMLElement): void {
  const shown = box.parentElement?.querySelector<HTMLElement>("[data-cursor]");
  picture.on("mousemove", ({ lngLat: { lat, lng } }) => {
    if (shown) shown.textContent = `${Math.abs(lat).toFixed(4)} ${lat < 0 ? "S" : "N"} ${Math.abs(lng).toFixed(4)} ${lng < 0 ? "W" : "E"}`;
  });
  picture.on("click", "acts", (event) => {
    const href = event.features?.[0]?.properties.href as string | undefined;
    if (href) location.assign(href);
  });
  picture.on("click", "clusters", (event) => picture.easeTo({ center: event.lngLat, zoom: picture.getZoom() + 2 }));
  for (const layer of ["acts", "clusters"]) {
    picture.on("mouseenter", layer, () => (picture.getCanvas().style.cursor = "pointer"));
    picture.on("mouseleave", layer, () => (picture.getCanvas().style.cursor = ""));
  }
  const target = document.querySelector<HTMLInputElement>("input[data-pick]");
  if (target) {
    picture.on("click", ({ lngLat }) => (target.value = `${lngLat.lat.toFixed(5)}, ${lngLat.lng.toFixed(5)}`));
  }
  const seek = document.querySelector<HTMLElement>("[data-box]");
  seek?.addEventListener("click", () => {
    const field = document.querySelector<HTMLInputElement>("input[name=box]");
    if (field) field.value = picture.getBounds().toArray().flat().map((value) => value.toFixed(3)).join(",");
  });
  let waiting = 0;
  document.addEventListener("tansiq:arrived", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(async () => {
      (picture.getSource("acts") as GeoJSONSource | undefined)?.setData(await fetched(box.dataset.acts!));
    }, 400);
  });
}

for (const box of document.querySelectorAll<HTMLElement>("[data-map]")) {
  draw(box).catch(() => box.parentElement?.querySelector("[data-nomap]")?.removeAttribute("hidden"));
}
