/**
 * Two programs are called `ifstat`: that of the package of the same name, which prints a column
 * pair per interface (`ifstat-columns.ts`), and that of iproute2, which prints counts since its
 * last call (`ifstat-iproute.ts`).
 */
import type { Tool } from "./tool-report.ts";
import { IfstatColumnsParser, isUnitLine } from "./ifstat-columns.ts";
import { IfstatIprouteParser } from "./ifstat-iproute.ts";
import { IfstatJsonParser } from "./ifstat-json.ts";
import { lineStarts, parserByFirstLine } from "./text/lines.ts";

const IPROUTE = /^Interface\s+RX Pkts\/Rate\s/;

export const ifstat: Tool = {
  id: "ifstat",
  recognizes(firstLines) {
    const head = lineStarts(firstLines);
    if (head.some((line) => isUnitLine(line) || IPROUTE.test(line))) return 1;
    return /^\s*\{\s*"[^"]*"\s*:\s*\{/.test(head.join("")) && /"rx_packets"/.test(head.join(""))
      ? 1
      : 0;
  },
  parser: () =>
    parserByFirstLine((line) => {
      if (line.trimStart().startsWith("{")) return new IfstatJsonParser();
      return line.startsWith("#") || IPROUTE.test(line)
        ? new IfstatIprouteParser()
        : new IfstatColumnsParser();
    }),
};
