import type { ReactNode } from "react";
import type { ReplyMetadata } from "../../lib/chat.ts";
import { formatDuration, formatNumber } from "../common/format.ts";
import { strings } from "../strings/strings.ts";

/** What is known of an answer: who gave it, how fast, how long. What is not known is not shown. */
export function Facts({ metadata }: { readonly metadata: ReplyMetadata }): ReactNode {
  const facts = shortFacts(metadata);
  const rows = allFacts(metadata);
  if (rows.length === 0) return null;
  return (
    <div className="status-facts">
      <ul>
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <details>
        <summary>{strings.status.details}</summary>
        <table>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}

function shortFacts(metadata: ReplyMetadata): string[] {
  const { model, tokensPerSecond, firstTokenMs } = metadata;
  return [
    model === undefined ? undefined : shortName(model),
    tokensPerSecond === undefined
      ? undefined
      : strings.tokensPerSecond(formatNumber(tokensPerSecond)),
    firstTokenMs === undefined ? undefined : strings.firstToken(formatDuration(firstTokenMs)),
    answerLength(metadata),
  ].filter((fact) => fact !== undefined);
}

type Row = readonly [name: string, value: string];

/** Each fact that is known, with its name. */
function allFacts(metadata: ReplyMetadata): Row[] {
  const names = strings.status.facts;
  const { model, promptTokens, promptTokensPerSecond, tokensPerSecond } = metadata;
  const { loadMs, firstTokenMs, totalMs, contextLength } = metadata;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [names.model, model],
    [names.prompt, ifKnown(promptTokens, countOf)],
    [names.promptSpeed, ifKnown(promptTokensPerSecond, rateOf)],
    [names.answer, answerLength(metadata)],
    [names.answerSpeed, ifKnown(tokensPerSecond, rateOf)],
    [names.load, ifKnown(loadMs, formatDuration)],
    [names.firstWord, ifKnown(firstTokenMs, formatDuration)],
    [names.total, ifKnown(totalMs, formatDuration)],
    [names.context, ifKnown(contextLength, countOf)],
  ];
  return rows.flatMap(([name, value]): Row[] => (value === undefined ? [] : [[name, value]]));
}

function answerLength({ completionTokens, estimated }: ReplyMetadata): string | undefined {
  if (completionTokens === undefined) return undefined;
  const count = countOf(completionTokens);
  return estimated === true ? strings.status.estimate(count) : count;
}

const countOf = (tokens: number) => strings.tokens(formatNumber(tokens));
const rateOf = (tokens: number) => strings.tokensPerSecond(formatNumber(tokens));

function ifKnown(value: number | undefined, format: (value: number) => string): string | undefined {
  return value === undefined ? undefined : format(value);
}

function shortName(model: string): string {
  return model.replace(/:latest$/u, "");
}
