import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const OUTLINE = join(process.cwd(), "node_modules", "@tabler", "icons", "icons", "outline");

/** Writes every outline icon's drawing into icons.json: a desk names any of them, and a page inlines those it shows. */
export function icons(): Plugin {
  return {
    name: "icons",
    generateBundle() {
      const drawn: Record<string, string> = {};
      for (const file of readdirSync(OUTLINE).filter((name) => name.endsWith(".svg")).sort()) {
        const svg = readFileSync(join(OUTLINE, file), "utf8");
        const paths = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
        drawn[file.slice(0, -4)] = paths.replace(/\s*\n\s*/g, "").trim();
      }
      this.emitFile({ type: "asset", fileName: "icons.json", source: JSON.stringify(drawn) });
    },
  };
}
