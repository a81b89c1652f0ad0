// Starts database-thread.ts in a checkout, where nothing is compiled: a new thread does not inherit
// what makes TypeScript run in the one that starts it. No part of the package.
import { register } from "tsx/esm/api";

register();
await import("./database-thread.ts");
