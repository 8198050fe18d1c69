import type { ReactNode } from "react";
import { strings } from "../strings/strings.ts";
import { safeUrl } from "./safe-url.ts";

interface SafeLinkProps {
  readonly address: string;
  readonly children: ReactNode;
}

/** A link that opens beside the chat and tells the other side nothing; text where it is not safe. */
export function SafeLink({ address, children }: SafeLinkProps): ReactNode {
  const url = safeUrl(address);
  if (url === undefined) return children;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {children}
    </a>
  );
}

interface ImageLinkProps {
  readonly address: string;
  readonly alternative: string;
}

/** Never the image itself: its address could carry what was said here to a stranger. */
export function ImageLink({ address, alternative }: ImageLinkProps): ReactNode {
  const text = `${strings.image}: ${alternative === "" ? address : alternative}`;
  return (
    <SafeLink address={address}>
      <span className="image-link">{text}</span>
    </SafeLink>
  );
}
