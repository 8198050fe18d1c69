"use client";
import type { ReactNode } from "react";
import { Keyhole } from "../components/common/icons.tsx";
import { doorPages as strings } from "../components/strings/door-pages.ts";

export interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** Shown in place of a page that threw. */
export default function ErrorPage({ error, reset }: ErrorPageProps): ReactNode {
  return (
    <main className="door-page">
      <title>{`${strings.brokenTitle} · ${strings.name}`}</title>
      <div className="card" role="alert">
        <Keyhole />
        <h1>{strings.brokenTitle}</h1>
        <p>{strings.brokenText}</p>
        <button type="button" className="button" onClick={reset}>
          {strings.retry}
        </button>
        {error.digest === undefined ? null : <small>{strings.requestId(error.digest)}</small>}
      </div>
    </main>
  );
}
