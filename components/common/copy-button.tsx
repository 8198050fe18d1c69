"use client";
import { useEffect, useState, type ReactNode } from "react";
import { copyText } from "./copy-text.ts";
import { CheckIcon, CopyIcon } from "./icons.tsx";
import { strings } from "../strings/strings.ts";

const SHOWN_MS = 1600;

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

/** Copies a text and says so for a moment; its name stays the same. */
export function CopyButton({ text, label }: CopyButtonProps): ReactNode {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void copyText(text).then(setCopied);
  };
  return (
    <button type="button" className="quiet icon" aria-label={label} title={label} onClick={copy}>
      {copied ? <CheckIcon /> : <CopyIcon />}
      <span className="hidden" aria-live="polite">
        {copied ? strings.copied : ""}
      </span>
    </button>
  );
}
