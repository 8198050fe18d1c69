"use client";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import type { Problem } from "../chats/problem.ts";
import { doorPages as strings } from "../strings/door-pages.ts";
import { signInWith } from "./sign-in-with.ts";

type FormState =
  /** The script of the page is not there yet. */
  | { readonly step: "loading" }
  | { readonly step: "ready"; readonly problem?: Problem }
  | { readonly step: "signing-in" };

interface SignInFormProps {
  /** The page to go to then: a path of ours, which the server has looked at. */
  readonly returnTo: string;
}

/** Takes an access key, typed or from the address's fragment (`/sign-in#KEY`), and opens the chat. */
export function SignInForm({ returnTo }: SignInFormProps): ReactNode {
  const [state, setState] = useState<FormState>({ step: "loading" });
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const signInByLink = () => {
      const key = takeKeyFromAddress();
      if (field.current !== null && key !== "") field.current.value = key;
      if (key === "") setState({ step: "ready" });
      else void submit(key);
    };
    async function submit(key: string): Promise<void> {
      setState({ step: "signing-in" });
      const problem = await signInWith(key, returnTo);
      if (problem !== undefined) setState({ step: "ready", problem });
    }
    signInByLink();
    // The link may be opened where this page is open already.
    addEventListener("hashchange", signInByLink);
    return () => removeEventListener("hashchange", signInByLink);
  }, [returnTo]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const key = field.current?.value.trim() ?? "";
    if (key === "") return;
    setState({ step: "signing-in" });
    const problem = await signInWith(key, returnTo);
    if (problem === undefined) return;
    setState({ step: "ready", problem });
    field.current?.focus();
  };

  const problem = state.step === "ready" ? state.problem : undefined;
  return (
    // Until the script is there, "dialog" makes the browser do nothing: no key gets into an address.
    <form className="sign-in" method="dialog" onSubmit={(event) => void submit(event)}>
      <input type="text" autoComplete="username" value={strings.name} readOnly hidden />
      <label htmlFor="key">{strings.accessKey}</label>
      <input
        ref={field}
        id="key"
        type="password"
        autoComplete="current-password"
        autoCapitalize="none"
        spellCheck={false}
        required
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : "key-problem"}
      />
      {problem === undefined ? null : (
        <p
          id="key-problem"
          className="problem"
          role="alert"
          data-link={problem.link}
          data-code={problem.code}
        >
          <strong>{problem.message}</strong> {problem.fix}
        </p>
      )}
      <button type="submit" className="button" disabled={state.step !== "ready"}>
        {state.step === "signing-in" ? strings.signingIn : strings.signIn}
      </button>
    </form>
  );
}

/** The key in the address, which is cleared at once: neither the history nor a screenshot keeps it. */
function takeKeyFromAddress(): string {
  const key = location.hash.slice(1).trim();
  if (key !== "") history.replaceState(history.state, "", location.pathname + location.search);
  return key;
}
