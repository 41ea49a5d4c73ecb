// One script for every page. A page works without it; with it, acts arrive as they are said.
import htmx from "htmx.org";
import "htmx.org/dist/ext/hx-sse.js";
import { clocks } from "./clocks.ts";
import { keys } from "./keys.ts";
import { link } from "./link.ts";
import { reach } from "./reach.ts";

(window as unknown as { htmx: typeof htmx }).htmx = htmx;

for (const begin of [clocks, keys, link, reach]) begin(document);
