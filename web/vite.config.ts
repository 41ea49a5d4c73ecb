import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { icons } from "./plugins/icons.ts";
import { world } from "./plugins/world.ts";

// Everything that a page may load is built here, with a hash in its name; the server reads the manifest.
export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [icons(), world()],
  build: {
    outDir: fileURLToPath(new URL("../tansiq/doors/web/static", import.meta.url)),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: ["src/floor.ts", "src/map.ts", "src/ltr.css", "src/rtl.css"] },
  },
});
