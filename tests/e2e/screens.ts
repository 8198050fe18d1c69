/** Every screen of the page, and how a person comes to it. A new screen is one more entry here. */
import { expect, type Page } from "playwright/test";
import { ERROR_TABLE, type ErrorCode } from "../../lib/error-table.ts";
import { RelayError } from "../../lib/errors.ts";
import { signIn } from "../helpers/browser.ts";
import {
  alertOf,
  lastReply,
  send,
  sendAndBreakOff,
  sendAndFinish,
  untilWords,
} from "./chat-page.ts";
import type { Stage } from "./stage.ts";

export interface Screen {
  /** Also the picture's file name. */
  readonly name: string;
  /** Brings the page there. */
  readonly reach: (page: Page, stage: Stage) => Promise<void>;
  /** Of axe's rules those that say nothing here, each for a reason. */
  readonly without?: readonly string[];
}

/** A model chooses the ranks of its own headings. */
const WITH_ANSWER = ["heading-order"] as const;

const QUESTION = "What does Latchkey do?";

/** The page in front of an app that answers a question with this error. */
function broken(link: string, code: ErrorCode): Screen {
  return {
    name: `broken-${link}`,
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      const error = new RelayError(code).toObject("3f9c2d81");
      await page.route("**/api/chat", (route) =>
        route.fulfill({ status: ERROR_TABLE[code].status, json: { error } }),
      );
      await send(page, "Are you there?");
      await expect(alertOf(page)).toHaveAttribute("data-link", link);
    },
  };
}

/** Asks a question whose answer goes on until the signal; resolves with the answer begun. */
async function holdPlace({ app, headers }: Stage["chain"], signal: AbortSignal): Promise<void> {
  const { body, ok } = await fetch(`${app.url}/api/chat`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ stream: true, messages: [{ role: "user", content: "First" }] }),
    signal,
  });
  expect(ok).toBe(true);
  const words = body?.pipeThrough(new TextDecoderStream()).getReader();
  const begun = Promise.withResolvers<void>();
  // To its end: an answer that nobody reads is cancelled once it is collected as garbage.
  const readOn = async (): Promise<void> => {
    for (let read = await words?.read(); read?.value !== undefined; read = await words?.read()) {
      if (read.value.includes("delta")) begun.resolve();
    }
  };
  readOn().catch((error: unknown) => {
    if (!signal.aborted) begun.reject(error);
  });
  await begun.promise;
}

export const SCREENS: readonly Screen[] = [
  {
    name: "sign-in",
    reach: async (page, { chain }) => {
      await page.goto(`${chain.app.url}/sign-in`);
      await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
    },
  },
  {
    name: "wrong-key",
    reach: async (page, { chain }) => {
      await page.goto(`${chain.app.url}/sign-in#no-such-key`);
      await expect(alertOf(page)).toBeVisible();
    },
  },
  {
    name: "not-set-up",
    reach: async (page, { notSetUp }) => {
      await page.goto(notSetUp.url);
      await expect(page.getByRole("main")).toBeVisible();
    },
  },
  {
    name: "nowhere",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await page.goto(`${chain.app.url}/nowhere`);
      await expect(page.getByRole("main")).toBeVisible();
    },
  },
  {
    name: "missing-chat",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await page.goto(`${chain.app.url}/c/nobody-knows-it`);
      await expect(page.getByText("This chat is not in this browser")).toBeVisible();
    },
  },
  { name: "empty", reach: (page, { chain }) => signIn(page, chain) },
  {
    name: "temporary",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await page.getByRole("button", { name: "Temporary chat" }).click();
      await expect(page.getByText("A chat that leaves no trace")).toBeVisible();
    },
  },
  {
    name: "signing-out",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await sendAndFinish(page, QUESTION);
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await expect(page.getByRole("dialog", { name: "Sign out" })).toBeVisible();
    },
    without: WITH_ANSWER,
  },
  {
    name: "waiting",
    reach: async (page, { chain, demo }) => {
      demo.controls.fault = { kind: "slow-headers", forMs: 60_000 };
      await signIn(page, chain);
      await send(page, "Are you there?");
      await expect(lastReply(page)).toHaveAttribute("data-state", "waiting");
    },
  },
  {
    name: "queue",
    reach: async (page, { chain, demo }) => {
      demo.controls.fault = { kind: "stall", afterTokens: 5 };
      // Somebody else's question holds the only place.
      const other = new AbortController();
      page.once("close", () => other.abort());
      await holdPlace(chain, other.signal);
      await signIn(page, chain);
      await send(page, "Am I next?");
      await expect(page.locator('[data-phase="queued"]')).toBeVisible();
    },
  },
  {
    name: "thinking",
    reach: async (page, { chain, demo }) => {
      demo.controls.fault = { kind: "stall", afterTokens: 8 };
      await signIn(page, chain);
      await send(page, QUESTION);
      await expect(page.locator('[data-phase="thinking"]')).toBeVisible();
      await expect(lastReply(page)).toHaveAttribute("data-state", "streaming");
    },
  },
  {
    name: "streaming",
    reach: async (page, { chain, demo }) => {
      demo.controls.fault = { kind: "stall", afterTokens: 180 };
      await signIn(page, chain);
      await send(page, QUESTION);
      await expect(page.locator('[data-phase="writing"]')).toBeVisible();
      await untilWords(page, 100);
      // An engine as quick as this one is ahead of the view of Markdown.
      await expect(lastReply(page).getByRole("table")).toBeVisible();
    },
    without: WITH_ANSWER,
  },
  {
    name: "chat",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await sendAndFinish(page, QUESTION);
      // From its question on: the page itself shows the end of the answer.
      await page.getByRole("log").evaluate((log) => log.scrollTo({ top: 0, behavior: "instant" }));
    },
    without: WITH_ANSWER,
  },
  {
    name: "versions",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await sendAndFinish(page, QUESTION);
      await lastReply(page).getByRole("button", { name: "Regenerate" }).click();
      await expect(page.getByRole("group", { name: "Version 2 of 2" })).toBeVisible();
      await expect(lastReply(page)).toHaveAttribute("data-state", "done");
    },
    without: WITH_ANSWER,
  },
  {
    name: "editing",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await sendAndFinish(page, QUESTION);
      await page.getByRole("button", { name: "Edit" }).click();
    },
    without: WITH_ANSWER,
  },
  {
    name: "stopped",
    reach: async (page, { chain, demo }) => {
      demo.controls.fault = { kind: "stall", afterTokens: 180 };
      await signIn(page, chain);
      await send(page, QUESTION);
      await untilWords(page, 100);
      await page.getByRole("button", { name: "Stop" }).click();
      await expect(lastReply(page)).toContainText(/released after/u);
    },
    without: WITH_ANSWER,
  },
  {
    name: "broke-off",
    reach: async (page, { chain, demo }) => {
      demo.controls.fault = { kind: "cut-mid-line", afterTokens: 180 };
      await signIn(page, chain);
      await sendAndBreakOff(page, QUESTION);
    },
    without: WITH_ANSWER,
  },
  {
    name: "broken-browser",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await page.context().setOffline(true);
      await send(page, "Are you there?");
      await expect(alertOf(page)).toHaveAttribute("data-link", "browser");
    },
  },
  broken("app", "internal"),
  broken("network", "home_unreachable"),
  broken("door", "door_refused_key"),
  broken("ollama", "ollama_unreachable"),
  {
    name: "long-chat",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      for (const topic of ["doors", "keys", "locks", "hinges"]) {
        await sendAndFinish(page, `Tell me of ${topic}`);
      }
    },
    without: WITH_ANSWER,
  },
  {
    name: "found",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await sendAndFinish(page, QUESTION);
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("searchbox").fill("demo engine");
      await expect(page.locator("mark").first()).toBeVisible();
    },
    without: WITH_ANSWER,
  },
  {
    name: "files",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      const picture = await page.screenshot();
      await page.locator('input[type="file"]').setInputFiles([
        { name: "front-door.png", mimeType: "image/png", buffer: picture },
        { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("A door of oak.\n") },
      ]);
      await expect(page.getByText("front-door.png", { exact: true })).toBeVisible();
      await expect(page.getByText("notes.md", { exact: true })).toBeVisible();
    },
  },
  {
    name: "models",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await page.getByRole("button", { name: /^Model/u }).click();
      await expect(page.getByRole("option").first()).toBeVisible();
    },
  },
  {
    name: "settings",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await page.getByRole("button", { name: "Settings of this chat" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "context",
    reach: async (page, { chain }) => {
      await signIn(page, chain);
      await page.getByRole("button", { name: "Settings of this chat" }).click();
      await page.getByRole("textbox", { name: "Context length" }).fill("400");
      await page.getByRole("button", { name: "Done" }).click();
      await sendAndFinish(page, QUESTION);
      await expect(page.getByText(/context is (?:almost )?full|than the context/u)).toBeVisible();
    },
    without: WITH_ANSWER,
  },
  // The last one: whoever asks next waits for the same load.
  {
    name: "loading",
    reach: async (page, { chain, demo }) => {
      demo.controls.loadMs = 60_000;
      await fetch(`${chain.app.url}/api/models/unload`, {
        method: "POST",
        headers: { ...chain.headers, "content-type": "application/json" },
        body: JSON.stringify({ model: "latchkey-demo-thinking" }),
      });
      await signIn(page, chain);
      await send(page, "Are you there?");
      await expect(page.locator('[data-phase="loading"]')).toBeVisible({ timeout: 20_000 });
    },
  },
];
