/** Writes docs/commands.md from the commands' own help. */
import { writeFileSync } from "node:fs";
import { commandsDoc } from "./commands-doc.ts";

writeFileSync(new URL("../docs/commands.md", import.meta.url), await commandsDoc());
