import type { ReactNode } from "react";
import type { Release } from "../../lib/store/records.ts";
import { formatNumber } from "../common/format.ts";
import { strings } from "../strings/strings.ts";
import { FreeIcon } from "./icons.tsx";

/** What is known of the GPU after Stop. */
export function ReleaseNote({ release }: { readonly release: Release }): ReactNode {
  return (
    <span className="status-release" data-release={release.state}>
      {release.state === "released" ? <FreeIcon /> : null}
      {releaseText(release)}
    </span>
  );
}

function releaseText(release: Release): string {
  if (release.state === "released") return strings.status.released(formatNumber(release.ms));
  const { stopAsked, neverAsked, releaseUnknown } = strings.status;
  if (release.state === "unasked") return neverAsked;
  return release.state === "asked" ? stopAsked : releaseUnknown;
}
