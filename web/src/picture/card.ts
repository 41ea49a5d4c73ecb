import type { Map as Picture, MapMouseEvent } from "maplibre-gl";
import type { Feature, Properties } from "./store.ts";
import { CLICKED } from "./style.ts";
import { reference } from "./tools.ts";

const AROUND = 4;

/** A click on what is drawn opens a card beside it: whose it is, what it says, who may read it, and the way to it. */
export function card(picture: Picture, box: HTMLElement, busy: () => boolean): void {
  const shown = box.querySelector<HTMLElement>("[data-card]");
  if (!shown) return;
  picture.on("click", (event) => {
    if (busy()) return;
    const found = under(picture, event, [...CLICKED, "clusters"]);
    shown.hidden = !found || found.layer.id === "clusters";
    if (!found) return;
    if (found.layer.id === "clusters") {
      picture.easeTo({ center: event.lngLat, zoom: picture.getZoom() + 2 });
      return;
    }
    shown.replaceChildren(...lines(found as unknown as Feature, event));
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && (shown.hidden = true));
  let asked = 0;
  picture.on("mousemove", (event) => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      if (!busy()) picture.getCanvas().style.cursor = under(picture, event, [...CLICKED, "clusters"]) ? "pointer" : "";
    });
  });
}

function under(picture: Picture, { point: { x, y } }: MapMouseEvent, layers: string[]): ReturnType<Picture["queryRenderedFeatures"]>[number] | undefined {
  return picture.queryRenderedFeatures([[x - AROUND, y - AROUND], [x + AROUND, y + AROUND]], { layers })[0];
}

function lines(feature: Feature, { lngLat: { lat, lng } }: MapMouseEvent): HTMLElement[] {
  const given = feature.properties as unknown as Omit<Properties, "release"> & { release: string };
  const head = element("div", "row-of");
  if (given.author) head.append(code(given.author));
  if (given.ref) head.append(isolated(given.ref, "ref"));
  if (typeof given.from_ms === "number") head.append(isolated(new Date(given.from_ms).toISOString().slice(0, 16).replace("T", " ") + "Z", "num dim push"));
  const title = element(given.href ? "a" : "p", "strong");
  title.textContent = given.title;
  title.dir = "auto";
  if (given.href) (title as HTMLAnchorElement).href = given.href;
  const at = feature.geometry.type === "Point" ? (feature.geometry.coordinates as [number, number]) : [lng, lat];
  const readers = element("div", "row-of");
  for (const one of JSON.parse(given.release || "[]") as string[]) readers.append(code(one));
  return [head, title, isolated(reference(at[1]!, at[0]!), "at num"), readers];
}

function element(name: string, classes: string): HTMLElement {
  const made = document.createElement(name);
  made.className = classes;
  return made;
}

function isolated(text: string, classes: string): HTMLElement {
  const made = element("bdi", classes);
  made.dir = "ltr";
  made.textContent = text;
  return made;
}

/** A member's code, tinted as the page tints it. */
function code(text: string): HTMLElement {
  const known = [...document.querySelectorAll<HTMLElement>("bdi.member:not(.hollow)")].find((one) => one.textContent === text);
  return isolated(text, known?.className ?? "member");
}
