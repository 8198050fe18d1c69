import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { strings } from "../components/strings.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: strings.name,
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

export default function RootLayout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <html lang={strings.language}>
      <body>{children}</body>
    </html>
  );
}
