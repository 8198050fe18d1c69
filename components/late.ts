/** What the composer need not wait for: loaded when the page is idle, or when it is first needed. */
export const loadAnswer = () => import("./answer.tsx");
export const loadEngine = () => import("./engine.ts");
export const loadRelease = () => import("./status/release.ts");
export const loadSidebar = async () => ({
  default: (await import("./sidebar/sidebar.tsx")).Sidebar,
});
