import interCyrillic from "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2?url";
import interLatin from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import interLatinExt from "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2?url";
import arabic from "@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2?url";
import type { StyleSpecification } from "maplibre-gl";

export type Colours = Record<"land" | "ours" | "border" | "town" | "panel" | "ink" | "dim" | "act"
  | "blue" | "amber" | "red" | "green" | "grey", string>;
export type Names = { countries: Record<string, string>; towns: object };

/** *own* is where the charter's own borders are fetched, and how their line is titled. */
type Content = { ours: string[]; seat: object; soft: boolean; own?: { url: string; title: string } };

const NOTHING = { type: "FeatureCollection", features: [] };
const FONT = ["Floor"];
const absolute = (url: string): string => new URL(url, location.href).href;

const faces = {
  Floor: [
    { url: absolute(interLatin), "unicode-range": ["U+0000-00FF", "U+2000-206F"] },
    { url: absolute(interLatinExt), "unicode-range": ["U+0100-02BA", "U+1E00-1E9F"] },
    { url: absolute(interCyrillic), "unicode-range": ["U+0301", "U+0400-045F", "U+0490-0491", "U+04B0-04B1", "U+2116"] },
    { url: absolute(arabic), "unicode-range": ["U+0600-06FF", "U+0750-077F", "U+FB50-FDFF", "U+FE70-FEFC"] },
  ],
};

/** The sheet's own colours, so that the map changes with the theme. */
export function colours(): Colours {
  const read = getComputedStyle(document.documentElement);
  return new Proxy({} as Colours, { get: (_, name) => read.getPropertyValue(`--${String(name)}`).trim() });
}

const byPrecedence = (c: Colours): unknown =>
  ["match", ["get", "precedence"], "flash", c.red, "immediate", c.amber, "priority", c.blue, c.grey];
const styled = (c: Colours): unknown =>
  ["match", ["get", "style"], "live", c.green, "waiting", c.amber, "refused", c.red, "gap", c.red, "footprint", c.blue, c.act];
const shape = (...kinds: string[]): unknown => ["in", ["geometry-type"], ["literal", kinds]];
const within = (...styles: string[]): unknown => ["in", ["get", "style"], ["literal", styles]];

function ground(c: Colours, names: Names, { ours, soft, own }: Content): unknown[] {
  const named = ["coalesce", ["get", ["get", "code"], ["literal", names.countries]], ""];
  const halo = (under: string): object => ({ "text-halo-color": under, "text-halo-width": 1.5 });
  return [
    { id: "land", type: "fill", source: "ground", filter: shape("Polygon", "MultiPolygon"), paint: {
      "fill-color": ["match", ["get", "code"], ours.length ? ours : [""], c.ours, c.land], "fill-antialias": !soft } },
    { id: "grid", type: "line", source: "grid", filter: ["has", "step"], paint: { "line-color": c.border,
      "line-opacity": ["match", ["get", "step"], 0, 0.55, 0.3], "line-width": ["match", ["get", "step"], 0, 1, 0.6] } },
    { id: "borders", type: "line", source: "ground", filter: shape("LineString", "MultiLineString"), paint: {
      "line-color": c.border, "line-opacity": own ? 0.4 : 1, "line-width": 1.2, "line-dasharray": [6, 2, 1, 2] } },
    ...(own ? charters(c, own.title) : []),
    { id: "squares", type: "symbol", source: "grid", filter: ["has", "name"],
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 11 }, paint: { "text-color": c.border } },
    { id: "names", type: "symbol", source: "names", filter: ["any", [">", ["zoom"], 4], [">", ["get", "size"], 12]],
      layout: { "text-field": named, "text-font": FONT, "text-size": 12.5, "text-letter-spacing": 0.02, "symbol-sort-key": ["-", 0, ["get", "size"]] },
      paint: { "text-color": c.dim, ...halo(c.land) } },
    { id: "towns", type: "symbol", source: "towns", minzoom: 3.2,
      layout: { "text-field": ["concat", "\u2022 ", ["get", "name"]], "text-font": FONT, "text-size": 11.5, "text-variable-anchor": ["left", "right"] },
      paint: { "text-color": c.town, ...halo(c.ours) } },
    { id: "seat", type: "symbol", source: "seat",
      layout: { "text-field": ["concat", "\u25c6 ", ["get", "name"]], "text-font": FONT, "text-size": 13, "text-anchor": "left", "text-allow-overlap": true },
      paint: { "text-color": c.act, ...halo(c.ours) } },
  ];
}

/** Whose line counts in this centre: thin, whole, and named along its way. */
function charters(c: Colours, title: string): unknown[] {
  return [
    { id: "own", type: "line", source: "own", layout: { "line-join": "round" }, paint: { "line-color": c.act, "line-width": 1.2 } },
    { id: "own-title", type: "symbol", source: "own",
      layout: { "text-field": title, "text-font": FONT, "text-size": 11, "symbol-placement": "line", "symbol-spacing": 420, "text-offset": [0, -0.8] },
      paint: { "text-color": c.act, "text-halo-color": c.land, "text-halo-width": 1.5 } },
  ];
}

/** What desks draw: areas and lines, each in the colour of what it means, and dashed or hatched besides. */
function drawn(c: Colours): unknown[] {
  const width = ["match", ["get", "style"], "plain", 1.2, 1.8];
  return [
    { id: "areas", type: "fill", source: "shapes", filter: ["all", shape("Polygon", "MultiPolygon"), within("live", "waiting", "plain")],
      paint: { "fill-color": styled(c), "fill-opacity": 0.17 } },
    { id: "hatched", type: "fill", source: "shapes", filter: ["all", shape("Polygon", "MultiPolygon"), within("gap")], paint: { "fill-pattern": "hatch" } },
    { id: "edges", type: "line", source: "shapes", filter: within("live", "plain", "gap"), layout: { "line-join": "round" },
      paint: { "line-color": styled(c), "line-width": width } },
    { id: "dashes", type: "line", source: "shapes", filter: within("waiting", "refused", "footprint"), layout: { "line-join": "round" },
      paint: { "line-color": styled(c), "line-width": width, "line-dasharray": [4, 2.5] } },
    { id: "shape-refs", type: "symbol", source: "shapes", filter: ["!=", ["get", "ref"], ""],
      layout: { "text-field": ["get", "ref"], "text-font": FONT, "text-size": 11, "symbol-placement": "point" },
      paint: { "text-color": c.ink, "text-halo-color": c.panel, "text-halo-width": 1.5 } },
  ];
}

function points(c: Colours): unknown[] {
  const single = ["!", ["has", "point_count"]];
  const plain = ["all", single, ["==", ["get", "sidc"], ""]];
  const label = { "text-field": ["get", "ref"], "text-font": FONT, "text-size": 11, "text-anchor": "left", "text-offset": [1.1, 0] };
  return [
    { id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"], paint: { "circle-color": c.panel, "circle-stroke-width": 2,
      "circle-radius": ["step", ["get", "point_count"], 12, 10, 14, 100, 17, 1000, 20],
      "circle-stroke-color": ["step", ["get", "worst"], c.act, 2, c.amber, 3, c.red] } },
    { id: "counts", type: "symbol", source: "points", filter: ["has", "point_count"],
      layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": FONT, "text-size": 11, "text-allow-overlap": true },
      paint: { "text-color": c.ink } },
    { id: "acts", type: "circle", source: "points", filter: plain, paint: { "circle-radius": 6, "circle-color": byPrecedence(c),
      "circle-stroke-color": c.panel, "circle-stroke-width": 2 } },
    { id: "symbols", type: "symbol", source: "points", filter: ["all", single, ["!=", ["get", "sidc"], ""]],
      layout: { "icon-image": ["concat", "sidc:", ["get", "sidc"]], "icon-allow-overlap": true, "icon-size": 0.5 },
      paint: { "icon-opacity": ["-", 1, ["*", 0.22, ["coalesce", ["get", "age"], 0]]] } },
    { id: "refs", type: "symbol", source: "points", filter: single, layout: label,
      paint: { "text-color": c.ink, "text-halo-color": c.land, "text-halo-width": 1.5 } },
    { id: "measured", type: "line", source: "measure", paint: { "line-color": c.act, "line-width": 2, "line-dasharray": [2, 1.5] } },
    { id: "marks", type: "circle", source: "measure", filter: shape("Point"),
      paint: { "circle-radius": 5, "circle-color": c.act, "circle-stroke-color": c.panel, "circle-stroke-width": 2 } },
  ];
}

/** The whole style of the picture, from the sheet's own colours; no address outside this server stands in it. The sea is the
 * sheet's own background under the canvas: what need not be drawn costs nothing. */
export function style(c: Colours, names: Names, content: Content): StyleSpecification {
  const empty = { type: "geojson", data: NOTHING };
  return {
    version: 8, "font-faces": faces,
    sources: {
      ground: { type: "geojson", data: absolute("/static/ground.json") },
      names: { type: "geojson", data: absolute("/static/names.json") },
      towns: { type: "geojson", data: names.towns },
      seat: { type: "geojson", data: content.seat },
      ...(content.own ? { own: { type: "geojson", data: absolute(content.own.url) } } : {}),
      grid: empty, shapes: empty, measure: empty,
      points: { ...empty, cluster: true, clusterRadius: 34, clusterMaxZoom: 11, clusterProperties: { worst: ["max", ["get", "urgency"]] } },
    },
    layers: [...ground(c, names, content), ...drawn(c), ...points(c)],
  } as unknown as StyleSpecification;
}

export const CLICKED = ["symbols", "acts", "edges", "dashes", "areas", "hatched"];
