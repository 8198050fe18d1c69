import { Fragment, useState, type ReactNode } from "react";
import { CopyButton } from "../../common/copy-button.tsx";
import { strings } from "../../strings/strings.ts";
import type { Pieces } from "./highlight.ts";
import { WrapIcon } from "./icons.tsx";
import { useHighlight } from "./use-highlight.ts";

interface CodeBlockProps {
  readonly source: string;
  /** As written after the fence; empty where nothing is. */
  readonly language: string;
  /** No more of it will come. */
  readonly closed: boolean;
}

/** What was chosen last, for the blocks that come: for as long as the page is open. */
let lastWrapped = false;

/** A block of code, with its language, a button that wraps its lines and one that copies it. */
export function CodeBlock({ source, language, closed }: CodeBlockProps): ReactNode {
  const [wrapped, setWrapped] = useState(lastWrapped);
  const pieces = useHighlight(source, language, closed);
  const toggle = () => {
    lastWrapped = !wrapped;
    setWrapped(lastWrapped);
  };
  return (
    <figure className="code">
      <figcaption>
        <span>{language === "" ? strings.code : language}</span>
        <button
          type="button"
          className="quiet icon"
          aria-label={strings.answers.wrap}
          title={strings.answers.wrap}
          aria-pressed={wrapped}
          onClick={toggle}
        >
          <WrapIcon />
        </button>
        <CopyButton text={source} label={strings.copyCode} />
      </figcaption>
      <pre tabIndex={0} className={wrapped ? "wrapped" : undefined}>
        <code>{pieces === undefined ? source : <Coloured pieces={pieces} />}</code>
      </pre>
    </figure>
  );
}

/** The same text to the letter: only its colours are new, so that nothing moves when they come. */
export function Coloured({ pieces }: { readonly pieces: Pieces }): ReactNode {
  return pieces.map(({ at, kind, inside }) => {
    const content = typeof inside === "string" ? inside : <Coloured pieces={inside} />;
    return kind === undefined ? (
      <Fragment key={at}>{content}</Fragment>
    ) : (
      <span key={at} className={kind}>
        {content}
      </span>
    );
  });
}
