import type { Map as Picture, MapMouseEvent } from "maplibre-gl";
import type { Properties, Store } from "./store.ts";
import { CLICKED } from "./style.ts";
import { reference } from "./tools.ts";

const AROUND = 4;

type Found = ReturnType<Picture["queryRenderedFeatures"]>[number];

/** A click on what is drawn opens a card beside it: whose it is, what it says, who may read it, and the way to it. */
export function card(picture: Picture, store: Store, box: HTMLElement, busy: () => boolean): void {
  const shown = box.querySelector<HTMLElement>("[data-card]");
  if (!shown) return;
  picture.on("click", (event) => {
    if (busy()) return;
    const found = under(picture, event);
    const known = found && store.known(Number(found.id));
    shown.hidden = !known;
    if (found?.layer.id === "clusters") picture.easeTo({ center: event.lngLat, zoom: picture.getZoom() + 2 });
    if (found && known) shown.replaceChildren(...lines(known, found, event));
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && (shown.hidden = true));
  let asked = 0;
  picture.on("mousemove", (event) => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      if (!busy()) picture.getCanvas().style.cursor = under(picture, event) ? "pointer" : "";
    });
  });
}

function under(picture: Picture, { point: { x, y } }: MapMouseEvent): Found | undefined {
  return picture.queryRenderedFeatures([[x - AROUND, y - AROUND], [x + AROUND, y + AROUND]], { layers: [...CLICKED, "clusters"] })[0];
}

function lines(known: Properties, { geometry }: Found, { lngLat: { lat, lng } }: MapMouseEvent): HTMLElement[] {
  const head = element("div", "row-of");
  if (known.author) head.append(code(known.author));
  if (known.ref) head.append(isolated(known.ref, "ref"));
  if (known.from_ms !== null) head.append(isolated(new Date(known.from_ms).toISOString().slice(0, 16).replace("T", " ") + "Z", "num dim push"));
  const title = element(known.href ? "a" : "p", "strong");
  title.textContent = known.title;
  title.dir = "auto";
  if (known.lang) title.lang = known.lang;
  if (known.href) (title as HTMLAnchorElement).href = known.href;
  const [x, y] = geometry.type === "Point" ? geometry.coordinates : [lng, lat];
  const readers = element("div", "row-of");
  for (const one of known.release) readers.append(code(one));
  return [head, title, isolated(reference(y!, x!), "at num"), readers];
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
