import interCyrillic from "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2?url";
import interLatin from "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url";
import interLatinExt from "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2?url";
import arabic from "@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2?url";
import type { StyleSpecification } from "maplibre-gl";

export type Colours = Record<"sea" | "land" | "ours" | "border" | "town" | "panel" | "ink" | "dim" | "act"
  | "blue" | "amber" | "red" | "grey", string>;

type Content = { acts: object; ours: string[]; seat: object };

const absolute = (url: string): string => new URL(url, location.href).href;

const faces = {
  Floor: [
    { url: absolute(interLatin), "unicode-range": ["U+0000-00FF", "U+2000-206F"] },
    { url: absolute(interLatinExt), "unicode-range": ["U+0100-02BA", "U+1E00-1E9F"] },
    { url: absolute(interCyrillic), "unicode-range": ["U+0301", "U+0400-045F", "U+0490-0491", "U+04B0-04B1", "U+2116"] },
    { url: absolute(arabic), "unicode-range": ["U+0600-06FF", "U+0750-077F", "U+FB50-FDFF", "U+FE70-FEFC"] },
  ],
};

/** The whole style of the picture, from the sheet's own colours; no address outside this server stands in it. */
export function style(c: Colours, names: Record<string, string>, { acts, ours, seat }: Content): StyleSpecification {
  const named = ["coalesce", ["get", ["get", "code"], ["literal", names]], ""];
  const precedence = (flash: string, immediate: string, priority: string, routine: string): unknown =>
    ["match", ["get", "precedence"], "flash", flash, "immediate", immediate, "priority", priority, routine];
  const layers: unknown[] = [
    { id: "sea", type: "background", paint: { "background-color": c.sea } },
    { id: "land", type: "fill", source: "land", paint: {
      "fill-color": ["match", ["get", "code"], ours.length ? ours : [""], c.ours, c.land], "fill-antialias": true } },
    { id: "borders", type: "line", source: "borders", paint: { "line-color": c.border, "line-width": 1.1, "line-dasharray": [6, 2, 1, 2] } },
    { id: "names", type: "symbol", source: "names",
      filter: ["any", [">", ["zoom"], 4], [">", ["get", "size"], 12]],
      layout: { "text-field": named, "text-font": ["Floor"], "text-size": 12, "symbol-sort-key": ["-", 0, ["get", "size"]] },
      paint: { "text-color": c.dim, "text-halo-color": c.land, "text-halo-width": 1.5 } },
    { id: "seat", type: "symbol", source: "seat",
      layout: { "text-field": ["concat", "\u2022 ", ["get", "name"]], "text-font": ["Floor"], "text-size": 12, "text-anchor": "left" },
      paint: { "text-color": c.town, "text-halo-color": c.ours, "text-halo-width": 1.5 } },
    { id: "clusters", type: "circle", source: "acts", filter: ["has", "point_count"],
      paint: { "circle-radius": 13, "circle-color": c.panel, "circle-stroke-color": c.act, "circle-stroke-width": 2 } },
    { id: "counts", type: "symbol", source: "acts", filter: ["has", "point_count"],
      layout: { "text-field": ["to-string", ["get", "point_count"]], "text-font": ["Floor"], "text-size": 11, "text-allow-overlap": true },
      paint: { "text-color": c.ink } },
    { id: "acts", type: "circle", source: "acts", filter: ["!", ["has", "point_count"]],
      paint: { "circle-radius": 6, "circle-color": precedence(c.red, c.amber, c.blue, c.grey),
        "circle-stroke-color": c.panel, "circle-stroke-width": 2 } },
    { id: "refs", type: "symbol", source: "acts", filter: ["!", ["has", "point_count"]],
      layout: { "text-field": ["get", "ref"], "text-font": ["Floor"], "text-size": 11, "text-anchor": "left", "text-offset": [0.9, 0] },
      paint: { "text-color": c.ink, "text-halo-color": c.land, "text-halo-width": 1.5 } },
  ];
  return {
    version: 8, "font-faces": faces,
    sources: {
      land: { type: "geojson", data: absolute("/static/land.json") },
      borders: { type: "geojson", data: absolute("/static/borders.json") },
      names: { type: "geojson", data: absolute("/static/names.json") },
      seat: { type: "geojson", data: seat },
      acts: { type: "geojson", data: acts, cluster: true, clusterRadius: 28, clusterMaxZoom: 9 },
    },
    layers,
  } as unknown as StyleSpecification;
}
