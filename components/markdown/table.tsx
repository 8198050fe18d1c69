import type { Table, TableCell } from "mdast";
import type { ReactNode } from "react";
import { strings } from "../strings/strings.ts";

interface MarkdownTableProps {
  readonly node: Table;
  readonly renderCell: (cell: TableCell) => ReactNode;
}

/** A table that scrolls by itself where it is wider than the answer. */
export function MarkdownTable({ node, renderCell }: MarkdownTableProps): ReactNode {
  const [head, ...body] = node.children;
  const cells = (row: Table["children"][number], Cell: "th" | "td") =>
    row.children.map((cell, column) => (
      <Cell
        key={cell.position?.start.offset ?? column}
        data-align={node.align?.[column] ?? undefined}
        scope={Cell === "th" ? "col" : undefined}
      >
        {renderCell(cell)}
      </Cell>
    ));
  return (
    <section className="table" tabIndex={0}>
      <table aria-label={strings.table}>
        <thead>{head === undefined ? null : <tr>{cells(head, "th")}</tr>}</thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={row.position?.start.offset ?? index}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
