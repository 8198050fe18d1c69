import { parseArgs } from "node:util";

/** One option of a command, as `node:util` parses it and as its help tells it. */
export interface Option {
  readonly type: "string" | "boolean";
  /** What stands after it in the help, such as N. */
  readonly value?: string;
  readonly about: string;
}

type Options = Readonly<Record<string, Option>>;

/** What a person typed that the command does not understand, with a hint. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A command as data: help, parsing and running all come from here. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** How it is typed; the usual way is through `npm run latchkey --`. */
  readonly typed: string;
  readonly options: Options;
  /**
   * @param args what stands after the command's name
   * @returns the exit code: 0 all well, 1 something failed
   * @throws UsageError for what it does not understand
   */
  readonly run: (args: readonly string[]) => Promise<number>;
}

function parse(options: Options, args: readonly string[]): Readonly<Record<string, unknown>> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // node:util's own sentence names the option; what follows it is advice about quoting.
    const sentence = error instanceof Error ? error.message.split(". ")[0] : undefined;
    throw new UsageError(`${sentence ?? "That cannot be read"}.`, { cause: error });
  }
}

/** Makes a command whose `run` gets the values of exactly its own options. */
export function defineCommand<const Known extends Options>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly typed: string;
  readonly options: Known;
  readonly run: (values: {
    readonly text: (name: keyof Known & string) => string | undefined;
    readonly flag: (name: keyof Known & string) => boolean;
  }) => Promise<number>;
}): Command {
  const { options } = definition;
  return {
    ...definition,
    run: (args) => {
      const values = parse(options, args);
      return definition.run({
        text: (name) => {
          const value = values[name];
          return typeof value === "string" ? value : undefined;
        },
        flag: (name) => values[name] === true,
      });
    },
  };
}
