import { isOwnScript } from "./components/common/own-script.ts";

/** What is used of the browser's factory (W3C Trusted Types); not every browser has one. */
interface TrustedTypes {
  createPolicy(
    name: "default",
    rules: { readonly createScriptURL: (url: string) => string | null },
  ): unknown;
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes;
  }
}

// Next runs this file before anything else of the page. Under our policy the browser lets no text become HTML or a
// script in this page; all that Next needs is to load parts of the build by their address.
window.trustedTypes?.createPolicy("default", {
  createScriptURL: (url) => (isOwnScript(url, location.origin) ? url : null),
});
