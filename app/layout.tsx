import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { doorPages as strings } from "../components/strings/door-pages.ts";
import "./globals.css";

/** Each page has its own title, as an element: the chat's changes while the page is open. */
export const metadata: Metadata = {
  description: strings.tagline,
  icons: { icon: "/icon.svg", apple: "/icon-180.png" },
  robots: { index: false, follow: false },
  referrer: "no-referrer",
  formatDetection: { telephone: false, date: false, address: false, email: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  // The phone's keyboard makes the page smaller in place of covering the composer.
  interactiveWidget: "resizes-content",
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f7f5f0" },
    { media: "(prefers-color-scheme: dark)", color: "#12171a" },
  ],
};

interface LayoutProps {
  readonly children: ReactNode;
}

export default async function RootLayout({ children }: LayoutProps): Promise<ReactNode> {
  // A page made at build time would have no nonce, and its scripts would not run.
  await connection();
  return (
    <html lang={strings.language}>
      <body>{children}</body>
    </html>
  );
}
