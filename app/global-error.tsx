"use client";
import type { ReactNode } from "react";
import { doorPages as strings } from "../components/strings/door-pages.ts";
import ErrorPage, { type ErrorPageProps } from "./error.tsx";
import "./globals.css";

/** Shown in place of everything when the layout itself threw; Next's own has inline styles, which our policy refuses. */
export default function GlobalError(props: ErrorPageProps): ReactNode {
  return (
    <html lang={strings.language}>
      <body>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
