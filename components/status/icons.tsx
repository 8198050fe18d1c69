/** The icons of this room, and of the five links of the chain. */
import type { ReactNode } from "react";
import type { Link } from "../../lib/error-table.ts";
import { Icon } from "../common/icons.tsx";

/** A chip with an open ring: the GPU is free. */
export const FreeIcon = () => (
  <Icon>
    <rect x="6" y="6" width="12" height="12" rx="2" />
    <path d="M9.5 3v3M14.5 3v3M9.5 18v3M14.5 18v3M3 9.5h3M3 14.5h3M18 9.5h3M18 14.5h3M9.6 12.2l1.8 1.8 3.1-3.6" />
  </Icon>
);

export const NoticeIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11.2v5M12 7.9v.1" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M10.6 4.4 3.3 17.2A1.6 1.6 0 0 0 4.7 19.6h14.6a1.6 1.6 0 0 0 1.4-2.4L13.4 4.4a1.6 1.6 0 0 0-2.8 0ZM12 9.5v4M12 16.4v.1" />
  </Icon>
);

const DRAWINGS: Readonly<Record<Link, ReactNode>> = {
  browser: (
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="2.5" />
      <path d="M3.5 9.5h17M6.6 7.3v.01M9.2 7.3v.01" />
    </>
  ),
  app: (
    <>
      <path d="M7.5 18.5a4 4 0 0 1-.6-7.95 5.3 5.3 0 0 1 10.2-.6A4.3 4.3 0 0 1 17 18.5Z" />
    </>
  ),
  network: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M3.5 12h17M12 3.5c2.6 2.5 3.9 5.3 3.9 8.5s-1.3 6-3.9 8.5c-2.6-2.5-3.9-5.3-3.9-8.5s1.3-6 3.9-8.5Z" />
    </>
  ),
  door: (
    <>
      <path d="M6 20.5V11a6 6 0 0 1 12 0v9.5Z" />
      <path d="M12 11.8v2.8" />
      <circle cx="12" cy="10.5" r="1.3" />
    </>
  ),
  ollama: (
    <>
      <rect x="6.5" y="6.5" width="11" height="11" rx="2" />
      <path d="M10 3.5v3M14 3.5v3M10 17.5v3M14 17.5v3M3.5 10h3M3.5 14h3M17.5 10h3M17.5 14h3M10.5 12h3" />
    </>
  ),
};

export const LinkIcon = ({ link }: { readonly link: Link }) => <Icon>{DRAWINGS[link]}</Icon>;
