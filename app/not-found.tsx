import type { ReactNode } from "react";
import { Keyhole } from "../components/common/icons.tsx";
import { doorPages as strings } from "../components/strings/door-pages.ts";

export default function NotFound(): ReactNode {
  return (
    <main className="door-page">
      <title>{`${strings.notFoundTitle} · ${strings.name}`}</title>
      <div className="card">
        <Keyhole />
        <h1>{strings.notFoundTitle}</h1>
        <p>{strings.notFoundText}</p>
        {/* A link of Next's would be three KiB more to load, on every page that has this one with it. */}
        {/* oxlint-disable-next-line next/no-html-link-for-pages */}
        <a className="button" href="/">
          {strings.toChat}
        </a>
      </div>
    </main>
  );
}
