import type { ConfigProblem } from "./config.ts";

/**
 * The set-up page as HTML, for an app that has no configuration to render anything else with.
 * Names and wants are our own words, so nothing in it needs escaping.
 *
 * @param nonce base64; what the answer's policy lets its style sheet by
 */
export function setupPage(problems: readonly ConfigProblem[], nonce: string): string {
  const rows = problems
    .map(({ name, wants }) => `<dt><code>${name}</code></dt><dd>${wants}</dd>`)
    .join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Latchkey is not set up yet</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif; }
body { margin: 0 auto; padding: 10vh 1.5rem; max-width: 42rem; }
dt { margin-top: 1rem; font-weight: 600; } dd { margin: 0.25rem 0 0; }
</style>
</head>
<body>
<main>
<h1>Latchkey is not set up yet</h1>
<p>Set these environment variables and deploy again:</p>
<dl>${rows}</dl>
<p>At home, <code>npm run up</code> sets all of them by itself.</p>
</main>
</body>
</html>
`;
}
