import type { ReactNode } from "react";
import type { ReplyMetadata } from "../lib/chat.ts";
import { formatDuration, formatNumber } from "./format.ts";
import { strings } from "./strings.ts";

/** What is known of an answer: who gave it, how fast, how long. What is not known is not shown. */
export function Facts({ metadata }: { readonly metadata: ReplyMetadata }): ReactNode {
  const { model, tokensPerSecond, firstTokenMs, completionTokens } = metadata;
  const facts = [
    model?.replace(/:latest$/u, ""),
    tokensPerSecond === undefined
      ? undefined
      : strings.tokensPerSecond(formatNumber(tokensPerSecond)),
    firstTokenMs === undefined ? undefined : strings.firstToken(formatDuration(firstTokenMs)),
    completionTokens === undefined ? undefined : strings.tokens(formatNumber(completionTokens)),
  ].filter((fact) => fact !== undefined);
  if (facts.length === 0) return null;
  return (
    <ul className="facts">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}
