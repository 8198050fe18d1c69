/** The client table: real clients, unchanged but for an address and a key, before the whole chain. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parts } from "../helpers/parts.ts";
import { aiSdkOllama } from "./ai-sdk-ollama.ts";
import { anthropic } from "./anthropic.ts";
import { CHECKS } from "./checks.ts";
import { CAPABILITIES, type Capability, type Cells, type Client } from "./client.ts";
import { curlCommand } from "./curl.ts";
import { demo, ollama } from "./engines.ts";
import { langchain } from "./langchain.ts";
import { ollamaAiProvider } from "./ollama-ai-provider.ts";
import { ollamaCommand } from "./ollama-command.ts";
import { ollamaJs } from "./ollama-js.ts";
import { openai } from "./openai.ts";
import { openaiCompatible } from "./openai-compatible.ts";
import { openaiResponses } from "./openai-responses.ts";
import { recipe } from "./recipe.ts";
import { type Site, startSite } from "./site.ts";
import { recordLines, Table } from "./table.ts";
import { useChat } from "./use-chat.ts";

const CLIENTS: readonly Client[] = [
  openai,
  openaiResponses,
  anthropic,
  ollamaJs,
  openaiCompatible,
  ollamaAiProvider,
  aiSdkOllama,
  useChat,
  langchain,
  curlCommand,
  recipe,
  ollamaCommand,
];

async function tryCell<Name extends Capability>(
  name: Name,
  cells: Pick<Cells, Name>,
  site: Site,
): Promise<string | undefined> {
  const cell = cells[name];
  if (typeof cell === "function") {
    await CHECKS[name](cell, site);
    return undefined;
  }
  await cell.shown?.(site.point());
  return cell.cannot;
}

const ENGINES = [
  { engineName: "the demo engine", startEngine: demo, isMissing: false },
  { engineName: "a real Ollama", startEngine: ollama, isMissing: parts.ollama === undefined },
];

for (const { engineName, startEngine, isMissing: hasNoEngine } of ENGINES) {
  describe.skipIf(parts.caddy === undefined || hasNoEngine)(`before ${engineName}`, () => {
    const table = new Table(engineName);
    let site: Site;

    beforeAll(async () => {
      site = await startSite(startEngine);
    });

    afterAll(async () => {
      await site.close();
      recordLines(table.lines());
    });

    // By capability, so that a model is loaded once for all clients.
    for (const capability of CAPABILITIES) {
      for (const { name, cells, isMissing = false, behindOldOllama } of CLIENTS) {
        const cell = cells[capability];
        // What a client has no way to ask is a row of the table, and no test.
        if ("cannot" in cell && cell.shown === undefined && behindOldOllama === undefined) {
          table.note(name, capability, { reason: cell.cannot });
          continue;
        }
        it.skipIf(isMissing)(`${name}: ${capability}`, async () => {
          table.note(name, capability, "FAILED");
          const own = site.engine.isOld ? { ...cells, ...behindOldOllama } : cells;
          const reason = await tryCell(capability, own, site);
          table.note(name, capability, reason === undefined ? "ok" : { reason });
          expect(reason).not.toBe("");
        });
      }
    }
  });
}
