import { join } from "node:path";
import { temporaryFolder } from "../support/synthetic-log.ts";
import { storeConformance } from "./conformance.ts";

const absentUrl = () => join(temporaryFolder(), "store.duckdb");

storeConformance({ name: "DuckDB", freshUrl: absentUrl, absentUrl });
