import type { ReactNode } from "react";
import { CopyButton } from "../copy-button.tsx";
import { strings } from "../strings.ts";

interface CodeBlockProps {
  readonly source: string;
  /** As written after the fence; empty where nothing is. */
  readonly language: string;
}

/** A block of code, with its language and a button that copies it. */
export function CodeBlock({ source, language }: CodeBlockProps): ReactNode {
  return (
    <figure className="code">
      <figcaption>
        <span>{language === "" ? strings.code : language}</span>
        <CopyButton text={source} label={strings.copyCode} />
      </figcaption>
      <pre tabIndex={0}>
        <code>{source}</code>
      </pre>
    </figure>
  );
}
