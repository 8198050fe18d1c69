/** What a program may need to run at all; nothing here opens anything. Compared in upper case. */
const ALLOWED = new Set(
  `PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TERM COLORTERM NO_COLOR FORCE_COLOR CI
  TMPDIR TEMP TMP NEXT_TELEMETRY_DISABLED VERCEL_TELEMETRY_DISABLED
  SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT APPDATA LOCALAPPDATA USERPROFILE USERNAME
  HOMEDRIVE HOMEPATH PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) PROGRAMW6432 COMMONPROGRAMFILES
  COMMONPROGRAMFILES(X86) COMMONPROGRAMW6432 PROCESSOR_ARCHITECTURE NUMBER_OF_PROCESSORS`.split(
    /\s+/,
  ),
);

/** What only a program that downloads needs; a proxy's address may hold a password. */
const ALLOWED_DOWNLOADER = new Set(
  `HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY NODE_EXTRA_CA_CERTS NODE_USE_SYSTEM_CA
  NODE_USE_ENV_PROXY SSL_CERT_FILE SSL_CERT_DIR DEBIAN_FRONTEND DISPLAY SUDO_ASKPASS
  HOMEBREW_PREFIX HOMEBREW_NO_AUTO_UPDATE HOMEBREW_API_DOMAIN HOMEBREW_BOTTLE_DOMAIN
  HOMEBREW_BREW_GIT_REMOTE HOMEBREW_CORE_GIT_REMOTE`.split(/\s+/),
);

/**
 * The environment for a program that is to learn nothing secret: names that are known to be needed,
 * since nobody can list the names under which people keep secrets.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {{ isDownloader?: boolean }} [options] isDownloader: npm or a package manager, which gets
 *   proxies, certificates and npm's own settings too
 * @returns {Record<string, string>}
 */
export function publicEnvironment(environment, { isDownloader = false } = {}) {
  const isAllowed = (name) => {
    const upper = name.toUpperCase();
    if (ALLOWED.has(upper) || upper.startsWith("LC_")) {
      return true;
    }
    return isDownloader && (ALLOWED_DOWNLOADER.has(upper) || upper.startsWith("NPM_CONFIG_"));
  };
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => value !== undefined && isAllowed(name)),
  );
}
