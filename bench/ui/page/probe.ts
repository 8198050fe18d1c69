import type { Found } from "./found.ts";

/** What a page is looked at for, until it is shown. */
export interface Wanted {
  /** Of elements, one of which is to be in view. */
  readonly selector: string;
  /** What that one says, among others. */
  readonly text: string;
  /** So many elements of the selector may be left at the most; absent: any number. */
  readonly most?: number | undefined;
}

export interface ProbeOptions {
  /** What an answer ends with. */
  readonly endMark: string;
  /** Said on the console once the end of the answer is shown. */
  readonly endNote: string;
  /** Looked for from the start of the navigation. */
  readonly wanted?: Wanted | undefined;
}

/**
 * Runs in the page before any script of its own and holds what it saw as `latchkeyBench.found`. It is
 * sent as text, so it may need nothing from outside of itself.
 *
 * "Shown" is the end of the first frame in which a thing is in the document: a message posted by a
 * frame's callback is handled right after that frame was rendered.
 */
export function installProbe({ endMark, endNote, wanted }: ProbeOptions): void {
  const found: Found = {
    origin: performance.timeOrigin,
    readyAt: -1,
    longTasks: [],
    interactions: {},
    watchedAt: -1,
    frames: [],
    endAt: -1,
    wantedAt: -1,
    timedMs: -1,
  };

  new MutationObserver((_, observer) => {
    if (document.documentElement?.dataset["ready"] === undefined) return;
    found.readyAt = performance.now();
    observer.disconnect();
  }).observe(document, { attributes: true, attributeFilter: ["data-ready"], subtree: true });

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      found.longTasks.push({ start: startTime, duration });
    }
  }).observe({ type: "longtask", buffered: true });

  const slowEvents = { type: "event", durationThreshold: 16, buffered: true };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const id = entry instanceof PerformanceEventTiming ? entry.interactionId : 0;
      if (id === 0 || entry.startTime < found.watchedAt) continue;
      found.interactions[id] = Math.max(found.interactions[id] ?? 0, entry.duration);
    }
  }).observe(slowEvents);

  /** Calls back at the end of each frame until it is told to end. */
  const eachFrame = (look: () => "on" | "end"): void => {
    const { port1, port2 } = new MessageChannel();
    let goesOn = true;
    port1.addEventListener("message", () => {
      goesOn &&= look() === "on";
    });
    port1.start();
    // Asked for here and not after the look, which may come late: no frame is missed.
    const frame = (): void => {
      if (!goesOn) return;
      port2.postMessage(undefined);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };

  const isShown = ({ selector, text, most }: Wanted): boolean => {
    const all = [...document.querySelectorAll(selector)];
    const element = all.findLast((each) => (each.textContent ?? "").includes(text));
    if (element === undefined || all.length > (most ?? Infinity)) return false;
    const { top, bottom, height } = element.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < innerHeight;
  };

  /** Notes the milliseconds from the next such event to the frame in which it is shown. */
  const time = (event: string, next: Wanted): void => {
    found.timedMs = -1;
    const begin = ({ timeStamp }: Event): void => {
      eachFrame(() => {
        if (!isShown(next)) return "on";
        found.timedMs = performance.now() - timeStamp;
        return "end";
      });
    };
    addEventListener(event, begin, { capture: true, once: true });
  };

  /** The last token of the answer: no other text ends so. */
  const lastToken = endMark.slice(-4);
  const endsAnswer = (node: Node): boolean => {
    if (!(node.textContent ?? "").trimEnd().endsWith(lastToken)) return false;
    const replies = document.querySelectorAll('article[data-role="assistant"]');
    return ([...replies].at(-1)?.textContent ?? "").includes(endMark);
  };

  /** Counts frames, and notes the end of the answer that is asked for next. */
  const watch = (): void => {
    found.watchedAt = performance.now();
    let ended = false;
    new MutationObserver((records, observer) => {
      // What was added, and the text that changed: never the whole of what grows.
      const changed = records.flatMap(({ type, target, addedNodes }) =>
        type === "characterData" ? [target] : [...addedNodes],
      );
      ended = changed.some(endsAnswer);
      if (ended) observer.disconnect();
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    eachFrame(() => {
      found.frames.push(Date.now());
      if (!ended) return "on";
      found.endAt = Date.now();
      console.debug(endNote);
      return "end";
    });
  };

  if (wanted !== undefined) {
    eachFrame(() => {
      if (!isShown(wanted)) return "on";
      found.wantedAt = performance.now();
      return "end";
    });
  }
  Object.assign(globalThis, { latchkeyBench: { found, isShown, time, watch } });
}
