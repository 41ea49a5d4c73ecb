import type { GeoJSONSource, Map as Picture } from "maplibre-gl";

export type Properties = {
  href: string; title: string; ref: string; author: string; desk: string; kind: string; layer: string; sidc: string; style: string;
  precedence: string; release: string[]; lang: string; from_ms: number | null; until_ms: number | null; urgency: number;
};
export type Feature = { type: "Feature"; geometry: { type: string; coordinates: unknown }; properties: Properties };
type Given = { type: "Feature"; geometry: Feature["geometry"]; properties: Partial<Properties> };

const PRECEDENCES = ["routine", "priority", "immediate", "flash"];

/** What a person has chosen to see; undefined and empty mean everything. */
export type Choice = { authors?: Set<string>; desk?: string; kind?: string; release?: string; hidden: Set<string>; at?: number };

/** All features of the picture, layer by layer; what is shown of them follows the choice. */
export class Store {
  readonly choice: Choice = { hidden: new Set() };
  private readonly layers = new Map<string, Feature[]>();
  private drawing = 0;

  constructor(private readonly picture: Picture, private readonly now: () => number) {}

  /** Puts a layer in place of what it held. */
  set(layer: string, desk: string, given: Given[]): void {
    this.layers.set(layer, given.map((one) => complete(one, layer, desk)));
    this.draw();
  }

  /** Adds acts that have just arrived. */
  add(layer: string, given: Given[]): void {
    const known = this.layers.get(layer) ?? [];
    const refs = new Set(known.map((one) => one.properties.ref));
    this.layers.set(layer, [...known, ...given.map((one) => complete(one, layer, "")).filter((one) => !refs.has(one.properties.ref))]);
    this.draw();
  }

  all(): Feature[] {
    return [...this.layers.values()].flat();
  }

  /** Draws what the choice shows, once a frame at most. */
  draw(): void {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      const shown = this.all().filter((one) => this.shows(one));
      const points = shown.filter((one) => one.geometry.type === "Point");
      const shapes = shown.filter((one) => one.geometry.type !== "Point");
      for (const [name, features] of [["points", points], ["shapes", shapes]] as const) {
        (this.picture.getSource(name) as GeoJSONSource | undefined)?.setData({ type: "FeatureCollection", features } as never);
      }
      this.picture.getContainer().dataset.shown = String(shown.length);
    });
  }

  private shows({ properties: one }: Feature): boolean {
    const { authors, desk, kind, release, hidden, at } = this.choice;
    if (hidden.has(one.layer)) return false;
    if (authors && one.author && !authors.has(one.author)) return false;
    if (desk && one.desk && one.desk !== desk) return false;
    if (kind && one.kind && one.kind !== kind) return false;
    if (release && one.release.length > 0 && !one.release.includes(release)) return false;
    // Acts stay once they were said. What a desk draws holds for its time; live, what is still to come is shown too.
    if (at !== undefined && one.from_ms !== null && one.from_ms > at) return false;
    return one.layer === "acts" || one.until_ms === null || one.until_ms >= (at ?? this.now());
  }
}

function complete(given: Given, layer: string, desk: string): Feature {
  const precedence = given.properties.precedence ?? "routine";
  return { ...given, properties: {
    href: "", title: "", ref: "", author: "", kind: "", sidc: "", style: "plain", release: [], lang: "", from_ms: null, until_ms: null,
    ...given.properties, desk: given.properties.desk || desk, precedence, layer, urgency: PRECEDENCES.indexOf(precedence) } };
}
