import { barePng } from "./bare-png.ts";
import { bytesInBase64 } from "./budget.ts";
import { kindOf } from "./file-kind.ts";
import { LONGEST_EDGE, scalePlan, type Attempt } from "./scale-plan.ts";

/** Bytes in base64 up to which a PNG file goes as it is: it is sharper then, but it is carried by every later question. */
const MOST_PNG_BYTES = 800_000;

export interface EncodedImage {
  /** A `data:` URL in base64. */
  readonly url: string;
  readonly mediaType: "image/png" | "image/jpeg";
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * A picture as it is sent: upright, no larger than models see, of at most so many bytes in base64 where that can be
 * had, and with nothing that tells where or with what it was taken. Works in a page and in a worker. Throws where
 * this browser cannot read the picture.
 */
export async function encodeImage(file: Blob, mostBytes: number): Promise<EncodedImage> {
  // Turned as its Exif data says: what is drawn from here on is upright.
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    return (await asItIs(file, bitmap, mostBytes)) ?? (await redrawn(bitmap, mostBytes));
  } finally {
    bitmap.close();
  }
}

async function asItIs(
  file: Blob,
  { width, height }: ImageBitmap,
  mostBytes: number,
): Promise<EncodedImage | undefined> {
  if (Math.max(width, height) > LONGEST_EDGE) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const bare = kindOf(bytes) === "png" ? barePng(bytes) : undefined;
  if (bare === undefined) return undefined;
  if (bytesInBase64(bare.length) > Math.min(mostBytes, MOST_PNG_BYTES)) return undefined;
  const mediaType = "image/png";
  return { url: await urlOf(new Blob([bare], { type: mediaType })), mediaType, width, height };
}

async function redrawn(bitmap: ImageBitmap, mostBytes: number): Promise<EncodedImage> {
  const mediaType = "image/jpeg";
  let smallest: { readonly blob: Blob; readonly attempt: Attempt } | undefined;
  let drawn: { readonly canvas: Canvas; readonly width: number } | undefined;
  for (const attempt of scalePlan(bitmap.width, bitmap.height)) {
    // Drawing costs more than encoding: once for each size.
    if (drawn?.width !== attempt.width) {
      drawn = { canvas: draw(bitmap, attempt), width: attempt.width };
    }
    const blob = await encode(drawn.canvas, mediaType, attempt.quality);
    if (smallest === undefined || blob.size < smallest.blob.size) smallest = { blob, attempt };
    if (bytesInBase64(blob.size) <= mostBytes) break;
  }
  if (smallest === undefined) throw new TypeError("a picture without pixels");
  const { width, height } = smallest.attempt;
  return { url: await urlOf(smallest.blob), mediaType, width, height };
}

type Canvas = OffscreenCanvas | HTMLCanvasElement;

function draw(bitmap: ImageBitmap, { width, height }: Attempt): Canvas {
  const canvas = canvasOf(width, height);
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new TypeError("no canvas of this size");
  // JPEG knows no transparency, and black is what it would become.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

async function encode(canvas: Canvas, type: string, quality: number): Promise<Blob> {
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type, quality });
  return new Promise((resolve, reject) => {
    const take = (blob: Blob | null) =>
      blob === null ? reject(new TypeError("a picture that cannot be encoded")) : resolve(blob);
    canvas.toBlob(take, type, quality);
  });
}

function canvasOf(width: number, height: number): Canvas {
  if (typeof OffscreenCanvas === "function") return new OffscreenCanvas(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function urlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      if (typeof reader.result === "string") resolve(reader.result);
    });
    reader.addEventListener("error", () => reject(reader.error ?? new TypeError("unreadable")));
    reader.readAsDataURL(blob);
  });
}
