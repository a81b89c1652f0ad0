/** Stores that several sides read: each is opened once, and closed when the last side is done with it. */
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";

export class SharedStores {
  private readonly stores = new Map<string, { readonly store: Store; users: number }>();

  /** For reading. @throws UserError when it cannot be opened */
  async open(url: string): Promise<Store> {
    const shared = this.stores.get(url) ?? {
      store: await openStore(url, { mode: "read" }),
      users: 0,
    };
    this.stores.set(url, shared);
    shared.users++;
    return shared.store;
  }

  /** Once for each `open`. */
  async close(url: string): Promise<void> {
    const shared = this.stores.get(url);
    if (!shared || --shared.users > 0) return;
    this.stores.delete(url);
    await shared.store.close();
  }
}
