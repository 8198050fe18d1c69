import { encodeImage, type EncodedImage } from "./encode-image.ts";
import type { ImageAnswer, ImageQuestion } from "./image-worker.ts";

interface Asked {
  readonly question: ImageQuestion;
  readonly resolve: (image: EncodedImage | undefined) => void;
}

const asked = new Map<number, Asked>();
let worker: Worker | undefined;
let canUseWorker = typeof Worker === "function" && typeof OffscreenCanvas === "function";
let lastId = 0;

/** `encodeImage` in a worker, or here where there can be none. Undefined: this browser cannot read the picture. */
export function encodeOffThread(file: Blob, mostBytes: number): Promise<EncodedImage | undefined> {
  lastId += 1;
  const question = { id: lastId, file, mostBytes };
  if (!canUseWorker) return encodeHere(question);
  return new Promise((resolve) => {
    asked.set(question.id, { question, resolve });
    try {
      worker ??= startWorker();
      worker.postMessage(question, []);
    } catch {
      // Some browsers throw where a page's policy forbids a worker; others tell of an error later.
      giveUpWorker();
    }
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL("./image-worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data: { id, image } }: MessageEvent<ImageAnswer>) => {
    asked.get(id)?.resolve(image);
    asked.delete(id);
  });
  // It could not be loaded, or died of a picture: what it was asked is done here.
  started.addEventListener("error", giveUpWorker);
  return started;
}

function giveUpWorker(): void {
  worker?.terminate();
  canUseWorker = false;
  for (const { question, resolve } of asked.values()) void encodeHere(question).then(resolve);
  asked.clear();
}

async function encodeHere({ file, mostBytes }: ImageQuestion): Promise<EncodedImage | undefined> {
  try {
    return await encodeImage(file, mostBytes);
  } catch {
    return undefined;
  }
}
