import type { ReactNode } from "react";

interface DataImageProps {
  /** A `data:` URL. */
  readonly url: string;
  /** Absent: words beside it, or the button it is in, tell what it is. */
  readonly alt?: string;
  readonly className?: string;
}

/** A picture that is in the page itself. */
export function DataImage({ url, alt = "", className }: DataImageProps): ReactNode {
  // oxlint-disable-next-line nextjs/no-img-element -- there is no address from which a server could take it
  return <img className={className} src={url} alt={alt} loading="lazy" decoding="async" />;
}
