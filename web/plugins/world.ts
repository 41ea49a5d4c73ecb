import { readFileSync } from "node:fs";
import { join } from "node:path";
import { feature, mesh } from "topojson-client";
import type { Plugin } from "vite";

type Ring = number[][];
type Shape = { type: "Polygon"; coordinates: Ring[] } | { type: "MultiPolygon"; coordinates: Ring[][] };

const DIGITS = 100; // hundredths of a degree: about a kilometre
const SMALLEST = 0.02; // square degrees; an islet below this is not drawn

const round = (value: number): number => Math.round(value * DIGITS) / DIGITS;

function ring(points: Ring): Ring {
  const kept: Ring = [];
  for (const [x, y] of points) {
    const point = [round(x!), round(y!)];
    const last = kept.at(-1);
    if (!last || last[0] !== point[0] || last[1] !== point[1]) kept.push(point);
  }
  return kept;
}

function area(points: Ring): number {
  let sum = 0;
  for (let i = 1; i < points.length; i++) sum += points[i - 1]![0]! * points[i]![1]! - points[i]![0]! * points[i - 1]![1]!;
  return Math.abs(sum) / 2;
}

function centre(points: Ring): number[] {
  let x = 0, y = 0, doubled = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const cross = a[0]! * b[1]! - b[0]! * a[1]!;
    x += (a[0]! + b[0]!) * cross;
    y += (a[1]! + b[1]!) * cross;
    doubled += cross;
  }
  return [round(x / (3 * doubled)), round(y / (3 * doubled))];
}

const collection = (features: object[]): string => JSON.stringify({ type: "FeatureCollection", features });

/** Writes the base map: land by country (ISO 3166 numbers as ids) with borders as lines, in one file since what is clipped
 * by one grid of tiles is clipped once; and one point a name stands at. */
export function world(): Plugin {
  return {
    name: "world",
    generateBundle() {
      const path = join(process.cwd(), "node_modules", "world-atlas", "countries-50m.json");
      const atlas = JSON.parse(readFileSync(path, "utf8"));
      const land: object[] = [];
      const names: object[] = [];
      const countries = feature(atlas, atlas.objects.countries) as unknown as { features: { id?: string; geometry: Shape }[] };
      for (const { id, geometry } of countries.features) {
        const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
        const polygons = parts.map((part) => part.map(ring)).filter((part) => area(part[0]!) >= SMALLEST);
        if (polygons.length === 0) continue;
        const largest = polygons.reduce((a, b) => (area(a[0]!) >= area(b[0]!) ? a : b));
        const properties = { code: id ?? "" };
        land.push({ type: "Feature", properties, geometry: { type: "MultiPolygon", coordinates: polygons } });
        if (id) {
          names.push({ type: "Feature", properties: { ...properties, size: Math.round(area(largest[0]!)) },
            geometry: { type: "Point", coordinates: centre(largest[0]!) } });
        }
      }
      const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
      const lines = borders.coordinates.map((line) => ring(line as Ring)).filter((line) => line.length > 1);
      const line = { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
      this.emitFile({ type: "asset", fileName: "ground.json", source: collection([...land, line]) });
      this.emitFile({ type: "asset", fileName: "names.json", source: collection(names) });
    },
  };
}
