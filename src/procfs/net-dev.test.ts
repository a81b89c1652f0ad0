import { describe, expect, it } from "vitest";
import { NET_DEV_COLUMNS, NetDevScanner } from "./net-dev.ts";

const HEADINGS = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

function parse(text: string) {
  const scanner = new NetDevScanner().reset(Buffer.from(text));
  const lines: { name: string; values: number[] }[] = [];
  while (scanner.next()) lines.push({ name: scanner.name(), values: [...scanner.values] });
  return lines;
}

describe("NetDevScanner", () => {
  it("reads every interface below the headings", () => {
    const lines = parse(
      `${HEADINGS}    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
  eth0: 212617925    5290    1    2    3     4          5         6   400269    3050    7    8    9    10      11         12
`,
    );
    expect(lines.map(({ name }) => name)).toEqual(["lo", "eth0"]);
    expect(lines[1]!.values).toEqual([
      212617925, 5290, 1, 2, 3, 4, 5, 6, 400269, 3050, 7, 8, 9, 10, 11, 12,
    ]);
    expect(NET_DEV_COLUMNS).toHaveLength(16);
  });

  it("reads kernels that leave no blank after the colon, and names with dots and dashes", () => {
    const lines = parse(
      `${HEADINGS}  eth0:4193822410 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0
br-1f2e.100: 7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0
`,
    );
    expect(lines.map(({ name, values }) => [name, values[0], values[8]])).toEqual([
      ["eth0", 4193822410, 5],
      ["br-1f2e.100", 7, 8],
    ]);
  });

  it("gives nothing for headings alone or an empty file", () => {
    expect(parse(HEADINGS)).toEqual([]);
    expect(parse("")).toEqual([]);
  });
});
