/** Writes what of docs/ is made from the program itself: the commands' help, the counters' declarations. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandsDoc } from "./commands-doc.ts";
import { counterDocs } from "./counter-docs.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
writeFileSync(`${docs}/commands.md`, await commandsDoc());
rmSync(`${docs}/counters`, { recursive: true, force: true });
mkdirSync(`${docs}/counters`);
for (const [file, text] of counterDocs()) writeFileSync(`${docs}/counters/${file}`, text);
