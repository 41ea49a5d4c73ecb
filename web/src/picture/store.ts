import type { GeoJSONSource, Map as Picture } from "maplibre-gl";

export type Properties = {
  href: string; title: string; ref: string; author: string; desk: string; kind: string; layer: string; sidc: string; style: string;
  precedence: string; release: string[]; lang: string; from_ms: number | null; until_ms: number | null; fade: number;
};
type Geometry = { type: string; coordinates: unknown };
export type Given = { geometry: Geometry; properties: Partial<Properties> };
/** A thing on the map: what is known of it, and the little of it that is drawn. */
type Thing = { known: Properties; drawn: { type: "Feature"; id: number; geometry: Geometry; properties: object } };

/** In so many steps a symbol fades; each is drawn under an id of its own, so that a step is handed over as a change. */
export const AGES = 4;

const PRECEDENCES = ["routine", "priority", "immediate", "flash"];

/** What a person has chosen to see; undefined and empty mean everything. */
export type Choice = { authors?: Set<string>; desk?: string; kind?: string; release?: string; hidden: Set<string>; at?: number };

/** All that is on the picture, layer by layer; what is shown of it follows the choice. */
export class Store {
  readonly choice: Choice = { hidden: new Set() };
  private readonly layers = new Map<string, number[]>();
  private readonly things = new Map<number, Thing>();
  private readonly shown = { points: new Set<number>(), shapes: new Set<number>() };
  private next = AGES;
  private drawing = 0;

  constructor(private readonly picture: Picture, private readonly now: () => number) {}

  /** Puts a layer in place of what it held. */
  set(layer: string, desk: string, given: Given[]): void {
    for (const id of this.layers.get(layer) ?? []) this.things.delete(id);
    this.layers.set(layer, given.map((one) => this.take(one, layer, desk)));
    this.draw();
  }

  /** Adds acts that have just arrived. */
  add(layer: string, given: Given[]): void {
    const ids = this.layers.get(layer) ?? [];
    const refs = new Set(ids.map((id) => this.things.get(id)!.known.ref));
    const fresh = given.filter((one) => !refs.has(one.properties.ref ?? ""));
    this.layers.set(layer, [...ids, ...fresh.map((one) => this.take(one, layer, ""))]);
    this.draw();
  }

  /** Everything that is known of a thing, by the id that it is drawn under. */
  known(id: number): Properties | undefined {
    return this.things.get(id - (id % AGES))?.known;
  }

  times(): number[] {
    return [...this.things.values()].flatMap(({ known: { from_ms: time } }) => (time === null ? [] : [time]));
  }

  /** Draws what the choice shows, once a frame at most. */
  draw(): void {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      const chosen = [...this.things.values()].filter(({ known }) => this.shows(known)).map((one) => this.aged(one));
      this.put("points", chosen.filter(({ geometry }) => geometry.type === "Point"));
      this.put("shapes", chosen.filter(({ geometry }) => geometry.type !== "Point"));
      this.picture.getContainer().dataset.shown = String(chosen.length);
      this.picture.getContainer().dataset.faded = String(chosen.filter(({ id }) => id % AGES > 0).length);
    });
  }

  /** A symbol of a desk fades over its time; what was asked for at one moment says itself how much of it is left. */
  private aged({ known, drawn }: Thing): Thing["drawn"] {
    const { sidc, layer, from_ms: from, until_ms: until, fade } = known;
    if (!sidc) return drawn;
    const spent = layer === "acts" || from === null || until === null || until <= from
      ? 1 - fade / 100 : ((this.choice.at ?? this.now()) - from) / (until - from);
    const age = Math.max(0, Math.min(AGES - 1, Math.floor(AGES * spent)));
    return age ? { ...drawn, id: drawn.id + age, properties: { ...drawn.properties, age } } : drawn;
  }

  /** Hands over only what has changed: ten thousand features take long to hand over whole. */
  private put(name: "points" | "shapes", features: Thing["drawn"][]): void {
    const source = this.picture.getSource(name) as GeoJSONSource | undefined;
    if (!source) return;
    const before = this.shown[name];
    const after = new Set(features.map(({ id }) => id));
    const add = features.filter(({ id }) => !before.has(id));
    const remove = [...before].filter((id) => !after.has(id));
    this.shown[name] = after;
    if (add.length === 0 && remove.length === 0) return;
    void source.updateData({ add: add as never, remove });
  }

  private shows(one: Properties): boolean {
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

  private take({ geometry, properties }: Given, layer: string, desk: string): number {
    const id = this.next;
    this.next += AGES;
    const known: Properties = {
      href: "", title: "", ref: "", author: "", kind: "", sidc: "", style: "plain", precedence: "routine", release: [], lang: "",
      from_ms: null, until_ms: null, fade: 100, ...properties, desk: properties.desk || desk, layer };
    const { precedence, sidc, ref, style } = known;
    const shown = { precedence, sidc, ref, style, urgency: PRECEDENCES.indexOf(precedence) };
    this.things.set(id, { known, drawn: { type: "Feature", id, geometry, properties: shown } });
    return id;
  }
}
