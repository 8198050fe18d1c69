/** What a composer without files does without: loaded with the first one. */
export const loadTray = () => import("./attach/open-tray.ts");
export const loadTrayView = () => import("./attach/tray-view.tsx");
