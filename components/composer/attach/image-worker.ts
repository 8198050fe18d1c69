import { encodeImage, type EncodedImage } from "./encode-image.ts";

/** What the page asks for. */
export interface ImageQuestion {
  readonly id: number;
  readonly file: Blob;
  readonly mostBytes: number;
}

/** Without an image: this browser cannot read it. */
export interface ImageAnswer {
  readonly id: number;
  readonly image?: EncodedImage;
}

/** A worker of its own, so that a picture of twelve megapixels holds up no key that is pressed. */
addEventListener("message", (event: MessageEvent<ImageQuestion>) => {
  void answer(event.data).then((reply) => postMessage(reply));
});

async function answer({ id, file, mostBytes }: ImageQuestion): Promise<ImageAnswer> {
  try {
    return { id, image: await encodeImage(file, mostBytes) };
  } catch {
    return { id };
  }
}
