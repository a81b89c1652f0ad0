/** Loads recordings into a new store in a process of its own and says what it cost, as JSON. */
import { statSync } from "node:fs";
import { loadRecording } from "../../src/load/load-recording.ts";
import { ReadAhead } from "../../src/load/read-ahead.ts";
import { findRecordings } from "../../src/recording/recording.ts";
import { openStore } from "../../src/store/open.ts";

const [folder, file] = process.argv.slice(2);
const startedMs = performance.now();
const startedCpu = process.cpuUsage();
const store = await openStore(file!, { mode: "write" });
let values = 0;
const recordings = findRecordings([folder!]);
const reader = new ReadAhead(recordings);
for (const recording of recordings) {
  values += (await loadRecording(store, recording, { reader })).values;
}
// Closing checkpoints: everything is in the file then.
await store.close();
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage(startedCpu);
const cpuSeconds = (user + system) / 1e6;
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(
  JSON.stringify({ values, seconds, cpuSeconds, peakBytes, fileBytes: statSync(file!).size }),
);
