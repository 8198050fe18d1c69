import type { ReactNode } from "react";
import type { Link } from "../../lib/error-table.ts";
import { LINKS } from "../chats/problem.ts";
import { strings } from "../strings/strings.ts";
import { LinkIcon } from "./icons.tsx";

export type LinkState = "whole" | "broken" | "unknown";

/** What the broken link tells of the others: those before it work, of those after it nothing is known. */
export function linkStates(broken: Link): readonly { link: Link; state: LinkState }[] {
  const at = LINKS.indexOf(broken);
  return LINKS.map((link, index) => ({
    link,
    state: index < at ? "whole" : index === at ? "broken" : "unknown",
  }));
}

/** The five links from here to the model, with the broken one marked by shape, word and colour. */
export function Chain({ broken }: { readonly broken: Link }): ReactNode {
  return (
    <ol className="chain" aria-label={strings.chainLabel(strings.links[broken])}>
      {linkStates(broken).map(({ link, state }) => (
        <li key={link} data-link-state={state}>
          <span className="node">
            <LinkIcon link={link} />
            <Mark state={state} />
          </span>
          <span className="name">{strings.links[link]}</span>
          <span className={state === "broken" ? "state" : "hidden"}>
            {strings.status.linkStates[state]}
          </span>
        </li>
      ))}
    </ol>
  );
}

const MARKS: Readonly<Record<LinkState, string>> = {
  whole: "m4.8 8.2 2.2 2.2 4.2-4.6",
  broken: "m5.3 5.3 5.4 5.4M10.7 5.3l-5.4 5.4",
  unknown: "M6.2 6.4a1.9 1.9 0 1 1 2.7 1.9c-.6.3-.9.6-.9 1.1M8 11.4v.1",
};

function Mark({ state }: { readonly state: LinkState }): ReactNode {
  return (
    <svg viewBox="0 0 16 16" className="mark" aria-hidden="true" focusable="false">
      <circle cx="8" cy="8" r="7" />
      <path d={MARKS[state]} />
    </svg>
  );
}
