import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Keyhole } from "../../components/icons.tsx";
import { SignInForm } from "../../components/sign-in-form.tsx";
import { strings } from "../../components/strings.ts";

export const metadata: Metadata = { title: `${strings.signIn} · ${strings.name}` };

/** Where an access key becomes a session. */
export default function SignInPage(): ReactNode {
  return (
    <main className="door-page">
      <div className="card">
        <Keyhole />
        <h1>{strings.signInTitle}</h1>
        <p>{strings.signInText}</p>
        <SignInForm />
        <p className="help">{strings.signInHelp}</p>
      </div>
    </main>
  );
}
