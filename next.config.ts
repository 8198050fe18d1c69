import type { NextConfig } from "next";
import { ANSWER_HEADERS, ANSWER_POLICY } from "./lib/page-headers.ts";

const config: NextConfig = {
  poweredByHeader: false,
  // `npm test` typechecks; a build at home needs no compiler of its own.
  typescript: { ignoreBuildErrors: true },
  agentRules: false,
  headers: async () => [
    {
      source: "/:path*",
      headers: Object.entries(ANSWER_HEADERS).map(([key, value]) => ({ key, value })),
    },
    {
      source: "/(api|v1|ollama)/:path*",
      headers: [{ key: "content-security-policy", value: ANSWER_POLICY }],
    },
  ],
  // The page shows no images through Next: without this anybody could have it resize some.
  images: { unoptimized: true },
  experimental: {
    // Pages take no bodies; Next keeps them in memory for the proxy, 10 MB each by default.
    proxyClientMaxBodySize: 16_384,
  },
};

export default config;
