import type { Definition, Nodes } from "mdast";
import { Fragment, type ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { CodeBlock } from "./code/code-block.tsx";
import { definitionsIn } from "./definitions.ts";
import { ImageLink, SafeLink } from "./links.tsx";
import { Maths } from "./maths.tsx";
import { keyOf, mayGoOn, type Surroundings } from "./surroundings.ts";
import { MarkdownTable } from "./table.tsx";

type Parent = Extract<Nodes, { children: unknown[] }>;

/** A tree as React elements: nothing in a text becomes HTML of its own, and no image is loaded. */
export function renderNodes(nodes: readonly Nodes[], around: Surroundings): ReactNode {
  return nodes.map((node, index) => (
    <Markdown key={keyOf(node, index, around)} node={node} around={around} />
  ));
}

interface MarkdownProps {
  readonly node: Nodes;
  readonly around: Surroundings;
}

const HEADINGS = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;

function Markdown({ node, around }: MarkdownProps): ReactNode {
  const inside = (parent: Parent): ReactNode => renderNodes(parent.children, around);
  switch (node.type) {
    case "text":
      return node.value;
    // Raw HTML stays the text it is.
    case "html":
      return node.value;
    case "paragraph":
      return <p>{inside(node)}</p>;
    case "heading": {
      // The page has its own first two levels.
      const Heading = HEADINGS[node.depth - 1] ?? "h6";
      return <Heading>{inside(node)}</Heading>;
    }
    case "emphasis":
      return <em>{inside(node)}</em>;
    case "strong":
      return <strong>{inside(node)}</strong>;
    case "delete":
      return <del>{inside(node)}</del>;
    case "break":
      return <br />;
    case "thematicBreak":
      return <hr />;
    case "blockquote":
      return <blockquote>{inside(node)}</blockquote>;
    case "list":
      return node.ordered === true ? (
        <ol start={node.start ?? 1}>{inside(node)}</ol>
      ) : (
        <ul>{inside(node)}</ul>
      );
    case "listItem":
      return <ListItem node={node} around={around} />;
    case "inlineCode":
      return <code>{node.value}</code>;
    case "inlineMath":
      return (
        <Maths
          source={node.value}
          display={node.data?.display === true}
          closed={node.data?.closed === true}
        />
      );
    case "math":
      return (
        <>
          <Maths source={node.value} display closed={node.data?.closed === true} />
          {typeof node.meta === "string" ? <p>{node.meta}</p> : null}
        </>
      );
    case "code":
      return <Code node={node} closed={!mayGoOn(node, around)} />;
    case "link":
      // An address that is still being written leads elsewhere.
      return isBareAddress(node) && mayGoOn(node, around) ? (
        inside(node)
      ) : (
        <SafeLink address={node.url}>{inside(node)}</SafeLink>
      );
    case "linkReference":
      return <SafeLink address={definitionOf(node, around)?.url ?? ""}>{inside(node)}</SafeLink>;
    case "image":
      return <ImageLink address={node.url} alternative={node.alt ?? ""} />;
    case "imageReference":
      return (
        <ImageLink address={definitionOf(node, around)?.url ?? ""} alternative={node.alt ?? ""} />
      );
    case "table":
      return <MarkdownTable node={node} renderCell={inside} />;
    case "footnoteReference":
      return (
        <sup aria-label={strings.footnote(node.label ?? node.identifier)}>
          {node.label ?? node.identifier}
        </sup>
      );
    case "footnoteDefinition":
      return (
        <div className="footnote">
          <sup>{node.label ?? node.identifier}</sup>
          <div>{inside(node)}</div>
        </div>
      );
    case "root":
    case "tableRow":
    case "tableCell":
      return inside(node);
    // Seen by what refers to them; front matter does not occur, since no extension reads it.
    case "definition":
    case "yaml":
      break;
  }
  return null;
}

/** One that stands in the text as it is, without brackets round it. */
function isBareAddress({ position, children }: Extract<Nodes, { type: "link" }>): boolean {
  return position?.start.offset === children[0]?.position?.start.offset;
}

/** What may become the end of a block of code, and is not seen before it is known not to. */
const HALF_FENCE = /(?:^|\n) {0,3}(?:`{1,2}|~{1,2})$/u;

interface CodeProps {
  readonly node: Extract<Nodes, { type: "code" }>;
  readonly closed: boolean;
}

function Code({ node, closed }: CodeProps): ReactNode {
  const source = closed ? node.value : node.value.replace(HALF_FENCE, "");
  return <CodeBlock source={source} language={node.lang ?? ""} closed={closed} />;
}

interface ListItemProps {
  readonly node: Extract<Nodes, { type: "listItem" }>;
  readonly around: Surroundings;
}

function ListItem({ node, around }: ListItemProps): ReactNode {
  // A list without blank lines has no paragraphs in it.
  const content = node.children.map((child, index) => (
    <Fragment key={keyOf(child, index, around)}>
      {child.type === "paragraph" && node.spread !== true ? (
        renderNodes(child.children, around)
      ) : (
        <Markdown node={child} around={around} />
      )}
    </Fragment>
  ));
  if (typeof node.checked !== "boolean") return <li>{content}</li>;
  return (
    <li className="task">
      <input
        type="checkbox"
        checked={node.checked}
        disabled
        readOnly
        aria-label={node.checked ? strings.taskDone : strings.taskOpen}
      />
      <div>{content}</div>
    </li>
  );
}

function definitionOf(
  { identifier }: { readonly identifier: string },
  { root }: Surroundings,
): Definition | undefined {
  return definitionsIn(root.children).find(
    (each): each is Definition => each.type === "definition" && each.identifier === identifier,
  );
}
