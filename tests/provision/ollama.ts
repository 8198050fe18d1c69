import { join } from "node:path";
import { findProgram } from "./find.ts";
import { goIsNewEnough, mayBuild, type GoProgram } from "./go.ts";
import { CACHE_DIRECTORY } from "./paths.ts";
import { runCommand } from "./run-command.ts";

/** The newest Ollama whose Go module builds as it stands. */
const VERSION = "v0.11.4";
const BUILD_FOLDER = join(CACHE_DIRECTORY, `ollama-${VERSION}`);

/** Go 1.24 is what the module asks for. */
const GO_MINOR = 24;

/** The Ollama on PATH, else the one built earlier, else one built now where that was asked for. */
export async function provisionOllama(say: (line: string) => void): Promise<GoProgram> {
  const there = findProgram(["ollama", join(BUILD_FOLDER, "ollama")]);
  if (there !== undefined) {
    return { path: there };
  }
  if (!mayBuild()) {
    return { reason: "install it, or let the tests build one: LATCHKEY_TEST_INSTALL=1 npm test" };
  }
  if (!(await goIsNewEnough(GO_MINOR))) {
    return { reason: `building one needs Go 1.${GO_MINOR} or newer and a C compiler on PATH` };
  }
  say(`Building Ollama ${VERSION} with Go, once (about three minutes on two cores)`);
  const built = await runCommand(["go", "install", `github.com/ollama/ollama@${VERSION}`], {
    env: { ...process.env, GOBIN: BUILD_FOLDER, CGO_ENABLED: "1" },
  });
  return built.ok
    ? { path: join(BUILD_FOLDER, "ollama") }
    : { reason: `go install failed: ${built.output.trim().slice(-600)}` };
}
