/** What the composer need not wait for: loaded when the page is idle, or at the first question. */
export const loadAnswer = () => import("./answer.tsx");
export const loadEngine = () => import("./engine.ts");
