import {
  caddyProgram,
  type DoorProgram,
  findProgram,
  lookForProgram,
  type ServerKind,
} from "../door/program.ts";
import type { Environment } from "../up/environment.ts";
import { getCaddy } from "../up/install-caddy.ts";
import type { Person } from "../up/person.ts";
import type { Progress } from "../up/progress.ts";

export interface ServerWish {
  readonly kind: ServerKind;
  readonly home: string;
  readonly env: Environment;
  readonly person: Person;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Finds the server of the door; a Caddy that is missing is installed with the system's package manager.
 *
 * @throws Problem where there is none and none can be installed
 */
export function provideServer(wish: ServerWish): Promise<DoorProgram> {
  const { kind, home, env, person, progress, signal } = wish;
  const title = kind === "caddy" ? "Caddy" : "nginx";
  return progress.step(title, async (step) => {
    const found = await lookForProgram(kind, env);
    if (found !== undefined) {
      step.say(found.version);
      return found;
    }
    if (kind === "nginx") return findProgram(kind, env);
    const caddy = await getCaddy({ env, home, person, progress, step, signal });
    step.say(caddy.version);
    return caddyProgram(caddy);
  });
}
