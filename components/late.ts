/** What the composer need not wait for: loaded when the page is idle, or when it is first needed. */
export const loadAnswer = () => import("./markdown/answer.tsx");
export const loadEngine = () => import("./chats/engine.ts");
export const loadRelease = () => import("./status/release.ts");
export const loadSidebar = async () => ({
  default: (await import("./sidebar/sidebar.tsx")).Sidebar,
});
export const loadPreparation = () => import("./markdown/prepare.ts");
