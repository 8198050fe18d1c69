import type { ReactNode } from "react";
import { Keyhole } from "../../components/common/icons.tsx";
import { SignInForm } from "../../components/sign-in/sign-in-form.tsx";
import { doorPages as strings } from "../../components/strings/door-pages.ts";
import { returnPath } from "../../lib/return-to.ts";

interface SignInPageProps {
  readonly searchParams: Promise<{ readonly to?: string | string[] }>;
}

/** Where an access key becomes a session; `?to=/c/ID` is the page to go to then. */
export default async function SignInPage({ searchParams }: SignInPageProps): Promise<ReactNode> {
  const { to } = await searchParams;
  return (
    <main className="door-page">
      <title>{`${strings.signIn} · ${strings.name}`}</title>
      <div className="card">
        <Keyhole />
        <h1>{strings.signInTitle}</h1>
        <p>{strings.signInText}</p>
        <SignInForm returnTo={returnPath(to)} />
        <p className="help">{strings.signInHelp}</p>
      </div>
    </main>
  );
}
