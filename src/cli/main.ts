#!/usr/bin/env node
/** `perfmon`: the command line. */
import { processContext } from "./context.ts";
import { runCli } from "./program.ts";

process.exitCode = await runCli(processContext());
