import Link from "next/link";
import type { ReactNode } from "react";
import { Keyhole } from "../components/icons.tsx";
import { strings } from "../components/strings.ts";

export default function NotFound(): ReactNode {
  return (
    <main className="door-page">
      <title>{`${strings.notFoundTitle} · ${strings.name}`}</title>
      <div className="card">
        <Keyhole />
        <h1>{strings.notFoundTitle}</h1>
        <p>{strings.notFoundText}</p>
        <Link className="button" href="/" prefetch={false}>
          {strings.toChat}
        </Link>
      </div>
    </main>
  );
}
