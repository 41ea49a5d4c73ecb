import type { Map as Picture } from "maplibre-gl";
import type { Colours } from "./style.ts";

const HATCH = 16;
const RATIO = 2;
const SIZE = 34;

/** Draws what the style names and does not have: APP-6 symbols, as milsymbol draws them, and the hatch of a gap. */
export function images(picture: Picture, c: Colours): void {
  picture.setMissingStyleImageResolver(async (id) => {
    if (id === "hatch") picture.addImage(id, hatch(c.red), { pixelRatio: RATIO });
    if (!id.startsWith("sidc:")) return;
    const drawn = await symbol(id.slice(5));
    if (!picture.hasImage(id)) picture.addImage(id, drawn);
  });
}

/** The program that draws symbols is large, and is loaded when the first symbol is. */
async function symbol(sidc: string): Promise<ImageData> {
  const { default: ms } = await import("milsymbol");
  const canvas = new ms.Symbol(sidc, { size: SIZE, outlineWidth: 4, outlineColor: "rgb(0,0,0)" }).asCanvas();
  return canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
}

function hatch(colour: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = HATCH;
  const pen = canvas.getContext("2d")!;
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.75;
  pen.lineWidth = 3;
  for (const shift of [-HATCH, 0, HATCH]) {
    pen.beginPath();
    pen.moveTo(shift - 2, HATCH + 2);
    pen.lineTo(shift + HATCH + 2, -2);
    pen.stroke();
  }
  return pen.getImageData(0, 0, HATCH, HATCH);
}
