import { describe, expect, it } from "vitest";
import { collectors } from "../src/collectors/all.ts";
import { cookFixture, fixtureHosts } from "./hosts/fixture-host.ts";

/**
 * Every collector on every fixture host, cooked, against `test/hosts/<host>/golden.txt`. After a
 * wanted change: `npx vitest run test/collectors-golden.test.ts -u`, and read the difference.
 */
describe.each(fixtureHosts())("fixture host %s", (host) => {
  it("cooks to the golden values", async () => {
    const values = cookFixture(host, collectors);
    const lines = [...values]
      .map(([path, value]) => `${path} ${Number(value.toPrecision(12))}\n`)
      .sort();
    expect(lines.length).toBeGreaterThan(40);
    const failures = values.failures.map((text) => `! ${text}\n`);
    await expect([...lines, ...failures].join("")).toMatchFileSnapshot(`hosts/${host}/golden.txt`);
  });
});
