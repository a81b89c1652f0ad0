/** Writes what of docs/ is made from the program itself: help of commands, counters, rules. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandsDoc } from "./commands-doc.ts";
import { counterDocs } from "./counter-docs.ts";
import { rulesDoc } from "./rules-doc.ts";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
writeFileSync(`${docs}/commands.md`, await commandsDoc());
writeFileSync(`${docs}/rules.md`, rulesDoc());
rmSync(`${docs}/counters`, { recursive: true, force: true });
mkdirSync(`${docs}/counters`);
for (const [file, text] of counterDocs()) writeFileSync(`${docs}/counters/${file}`, text);
