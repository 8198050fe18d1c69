import type { Definition, Nodes, Root } from "mdast";
import { Fragment, type ReactNode } from "react";
import { strings } from "../strings.ts";
import { CodeBlock } from "./code-block.tsx";
import { definitionsIn } from "./definitions.ts";
import { ImageLink, SafeLink } from "./links.tsx";
import { MarkdownTable } from "./table.tsx";

type Parent = Extract<Nodes, { children: unknown[] }>;

/** A tree as React elements: nothing in a text becomes HTML of its own, and no image is loaded. */
export function renderNodes(nodes: readonly Nodes[], root: Root): ReactNode {
  return nodes.map((node, index) => (
    <Markdown key={node.position?.start.offset ?? index} node={node} root={root} />
  ));
}

interface MarkdownProps {
  readonly node: Nodes;
  readonly root: Root;
}

const HEADINGS = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;

function Markdown({ node, root }: MarkdownProps): ReactNode {
  const inside = (parent: Parent): ReactNode => renderNodes(parent.children, root);
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
      return <ListItem node={node} root={root} />;
    case "inlineCode":
      return <code>{node.value}</code>;
    case "inlineMath":
      // A space inside a dollar sign tells a price from a formula: "$5 and $10".
      return /^\s|\s$/u.test(node.value) ? (
        `$${node.value}$`
      ) : (
        <code className="maths">{node.value}</code>
      );
    case "code":
      return <CodeBlock source={node.value} language={node.lang ?? ""} />;
    case "math":
      return <CodeBlock source={node.value} language="maths" />;
    case "link":
      return <SafeLink address={node.url}>{inside(node)}</SafeLink>;
    case "linkReference":
      return <SafeLink address={definitionOf(node, root)?.url ?? ""}>{inside(node)}</SafeLink>;
    case "image":
      return <ImageLink address={node.url} alternative={node.alt ?? ""} />;
    case "imageReference":
      return (
        <ImageLink address={definitionOf(node, root)?.url ?? ""} alternative={node.alt ?? ""} />
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

interface ListItemProps {
  readonly node: Extract<Nodes, { type: "listItem" }>;
  readonly root: Root;
}

function ListItem({ node, root }: ListItemProps): ReactNode {
  // A list without blank lines has no paragraphs in it.
  const content = node.children.map((child, index) => (
    <Fragment key={child.position?.start.offset ?? index}>
      {child.type === "paragraph" && node.spread !== true ? (
        renderNodes(child.children, root)
      ) : (
        <Markdown node={child} root={root} />
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
  root: Root,
): Definition | undefined {
  return definitionsIn(root.children).find(
    (each): each is Definition => each.type === "definition" && each.identifier === identifier,
  );
}
