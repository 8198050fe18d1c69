/** See environment.mjs, which is plain JavaScript: it runs before any package is there. */
export function publicEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  options?: { readonly isDownloader?: boolean },
): Record<string, string>;
