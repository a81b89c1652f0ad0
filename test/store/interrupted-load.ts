/**
 * A process to be killed: loads a recording and stops for ever before a segment's commit, its values
 * taken by the session. `tsx interrupted-load.ts URL FOLDER SEGMENT`; says `waiting` then.
 */
import { loadRecording } from "../../src/load/load-recording.ts";
import { ReadAhead } from "../../src/load/read-ahead.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { openStore } from "../../src/store/open.ts";
import type { LoadSession, Store } from "../../src/store/store.ts";

const [url, folder, segment] = process.argv.slice(2);
const store = await openStore(url!, { mode: "write" });

/** The real session, which never comes to its commit. */
function waitingBeforeCommit(session: LoadSession): LoadSession {
  const commit = session.commitSegment.bind(session);
  session.commitSegment = async (entry) => {
    if (entry.segment < Number(segment)) return commit(entry);
    process.stdout.write("waiting\n");
    return new Promise<void>(() => {
      setInterval(() => undefined, 1000);
    });
  };
  return session;
}

const beginLoad = store.beginLoad.bind(store);
const waiting: Store = Object.assign(store, {
  beginLoad: async (recording: Parameters<Store["beginLoad"]>[0]) =>
    waitingBeforeCommit(await beginLoad(recording)),
});
const recording = openRecording(folder!);
await loadRecording(waiting, recording, { reader: new ReadAhead([recording], 1) });
