import type { GeoJSONSource, Map as Picture, MapMouseEvent } from "maplibre-gl";
import { forward } from "mgrs";

const EARTH_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

type Corner = [number, number];

/** Writes where the cursor is: the grid reference to ten metres, and degrees. */
export function readOut(picture: Picture, box: HTMLElement): void {
  const grid = box.querySelector<HTMLElement>("[data-grid]");
  const degrees = box.querySelector<HTMLElement>("[data-cursor]");
  if (!grid || !degrees) return;
  picture.on("mousemove", ({ lngLat: { lat, lng } }) => {
    grid.textContent = reference(lat, lng);
    degrees.textContent = `${Math.abs(lat).toFixed(4)} ${lat < 0 ? "S" : "N"} ${Math.abs(lng).toFixed(4)} ${lng < 0 ? "W" : "E"}`;
  });
}

/** The grid reference of a place, to ten metres; nothing beside the poles, where another grid begins. */
export function reference(lat: number, lng: number): string {
  if (lat < -80 || lat >= 84) return "";
  const found = /^(\d{1,2}[A-Z])([A-Z]{2})(\d{4})(\d{4})$/.exec(forward([lng, lat], 4));
  return found ? found.slice(1).join(" ") : "";
}

/** The grid follows the map: asked for again when it has come to rest. */
export function gridLines(picture: Picture): void {
  const draw = async (): Promise<void> => {
    const [[west, south], [east, north]] = picture.getBounds().toArray();
    const box = [Math.max(west, -180), Math.max(south, -85), Math.min(east, 180), Math.min(north, 85)].map((one) => one.toFixed(4));
    const answer = await fetch(`/map/grid?box=${box.join(",")}`);
    if (answer.ok) (picture.getSource("grid") as GeoJSONSource | undefined)?.setData(await answer.json());
  };
  picture.on("moveend", () => void draw());
  void draw();
}

/** Measures along the places that are clicked; Escape or the button ends it. */
export function measure(picture: Picture, panel: HTMLElement): () => boolean {
  const button = panel.querySelector<HTMLElement>("[data-measure]");
  const shown = panel.querySelector<HTMLElement>("[data-measured]");
  let corners: Corner[] | undefined;
  const draw = (): void => {
    const features = corners?.length ? [
      { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: corners } },
      ...corners.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } })),
    ] : [];
    (picture.getSource("measure") as GeoJSONSource).setData({ type: "FeatureCollection", features } as never);
    if (!shown) return;
    shown.hidden = corners === undefined;
    shown.querySelector("bdi")!.textContent = length(corners ?? []);
  };
  const end = (on: boolean): void => {
    corners = on ? [] : undefined;
    button?.setAttribute("aria-pressed", String(on));
    picture.getCanvas().style.cursor = on ? "crosshair" : "";
    draw();
  };
  button?.addEventListener("click", () => end(corners === undefined));
  document.addEventListener("keydown", (event) => event.key === "Escape" && corners && end(false));
  picture.on("click", ({ lngLat }: MapMouseEvent) => {
    if (!corners) return;
    corners = [...corners, [lngLat.lng, lngLat.lat]];
    draw();
  });
  return () => corners !== undefined;
}

function length(corners: Corner[]): string {
  let metres = 0;
  for (let n = 1; n < corners.length; n++) metres += apart(corners[n - 1]!, corners[n]!);
  return metres < 10_000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`;
}

function apart([lng, lat]: Corner, [east, north]: Corner): number {
  const across = Math.sin(((east - lng) * RADIANS) / 2) ** 2 * Math.cos(lat * RADIANS) * Math.cos(north * RADIANS);
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.sin(((north - lat) * RADIANS) / 2) ** 2 + across));
}

/** A click fills the field of a form that takes a place; of several, the one that had focus last. */
export function pick(picture: Picture): boolean {
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[data-pick]")];
  let chosen = fields[0];
  if (!chosen) return false;
  for (const field of fields) field.addEventListener("focus", () => (chosen = field));
  picture.getCanvas().style.cursor = "crosshair";
  picture.on("click", ({ lngLat: { lat, lng } }) => {
    const place = `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
    const corners = chosen instanceof HTMLTextAreaElement && chosen.value.trim() !== "";
    chosen!.value = corners ? `${chosen!.value.replace(/;\s*$/, "")}; ${place}` : place;
    chosen!.dispatchEvent(new Event("input", { bubbles: true }));
    const mark = { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lng, lat] } };
    (picture.getSource("measure") as GeoJSONSource).setData({ type: "FeatureCollection", features: [mark] } as never);
  });
  return true;
}
