import { parseArgs } from "node:util";

/** One option of a command, as `node:util` parses it and as its help tells it. */
export interface Option {
  readonly type: "string" | "boolean";
  /** What stands after it in the help, such as N. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly multiple?: boolean;
  readonly about: string;
}

type Options = Readonly<Record<string, Option>>;

/**
 * What must stand after the command's name, in this order: the word of the help, and what it is. A
 * word in brackets, such as [URL], may be left out; none that must be there stands after it.
 */
type Operands = Readonly<Record<string, string>>;

/** What a person typed that the command does not understand, with a hint. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A command as data: help, parsing and running all come from here. */
export interface Command {
  /** One word, or two where several commands share the first: `access add`. */
  readonly name: string;
  readonly summary: string;
  /** How it is typed; the usual way is through `npm run latchkey --`. */
  readonly typed: string;
  readonly operands: Operands;
  readonly options: Options;
  /** Lines that stand below the options in the help. */
  readonly notes?: readonly string[];
  /**
   * @param args what stands after the command's name
   * @returns the exit code: 0 all well, 1 something failed
   * @throws UsageError for what it does not understand
   */
  readonly run: (args: readonly string[]) => Promise<number>;
}

function parse(options: Options, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    // node:util's own sentence names the option; what follows it is advice about quoting.
    const sentence = error instanceof Error ? error.message.split(/\.\s/)[0] : undefined;
    throw new UsageError(`${sentence ?? "That cannot be read"}.`, { cause: error });
  }
}

/**
 * Tells the operands by their names. What stands in the wrong place is not repeated: somebody may
 * have put a key there.
 */
function readOperands(operands: Operands, given: readonly string[]): ReadonlyMap<string, string> {
  const names = Object.keys(operands);
  if (given.length > names.length) {
    const wanted = names.length === 0 ? "no argument" : `nothing after ${names.at(-1)}`;
    throw new UsageError(`This command takes ${wanted} but its options.`);
  }
  return new Map(
    names.flatMap((name, index) => {
      const value = given[index];
      if (value === undefined && name.startsWith("[")) return [];
      if (value === undefined || value === "") throw new UsageError(`${name} is missing.`);
      return [[name, value] as const];
    }),
  );
}

/** Makes a command whose `run` gets the values of exactly its own operands and options. */
export function defineCommand<
  const Known extends Options,
  const Operand extends string = never,
>(definition: {
  readonly name: string;
  readonly summary: string;
  readonly typed: string;
  readonly operands?: Readonly<Record<Operand, string>>;
  readonly options: Known;
  readonly notes?: readonly string[];
  readonly run: (values: {
    /** Empty when it was left out. */
    readonly operand: (name: Operand) => string;
    readonly text: (name: keyof Known & string) => string | undefined;
    /** Each time it was given, in order. */
    readonly texts: (name: keyof Known & string) => readonly string[];
    readonly flag: (name: keyof Known & string) => boolean;
  }) => Promise<number>;
}): Command {
  const { options, operands = {} } = definition;
  return {
    ...definition,
    operands,
    run: async (args) => {
      const { values, positionals } = parse(options, args);
      const given = readOperands(operands, positionals);
      return definition.run({
        // The latter is one that may be left out, and was.
        operand: (name) => given.get(name) ?? "",
        text: (name) => {
          const value = values[name];
          return typeof value === "string" ? value : undefined;
        },
        texts: (name) => {
          const value = values[name];
          const list = Array.isArray(value) ? value : [value];
          return list.filter((one) => typeof one === "string");
        },
        flag: (name) => values[name] === true,
      });
    },
  };
}
