import type { Page } from "playwright/test";

/** All that the browser keeps for this page, as text. */
export function keptText(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const texts: string[] = [JSON.stringify(Object.entries(localStorage))];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(new Error("not opened")));
      });
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store).getAll();
        await new Promise((resolve) => {
          all.addEventListener("success", resolve);
        });
        texts.push(JSON.stringify(all.result));
      }
      database.close();
    }
    return texts.join("\n");
  });
}
