import { describe, expect, it } from "vitest";
import { scopeOf } from "./scope.ts";
import { standingOut, standingOutByRole } from "./stragglers.ts";

const hosts = (values: readonly number[]) =>
  values.map((value, i) => ({ name: `h${i + 1}`, role: "worker", value }));

describe("scopeOf", () => {
  it("names the few hosts that carry a difference", () => {
    expect(scopeOf(hosts([2, 1, 90, 2, 3, 2]), hosts([1, 2, 2]))).toEqual({
      scope: "hosts",
      hosts: ["h3"],
    });
    expect(scopeOf(hosts([5, 80]), hosts([4]))).toEqual({ scope: "hosts", hosts: ["h2"] });
  });

  it("calls it the cluster when most carry it, and a lone host its cluster", () => {
    expect(scopeOf(hosts([80, 90, 85, 3]), hosts([1, 2])).scope).toBe("cluster");
    expect(scopeOf(hosts([50, 60, 100]), hosts([1, 2])).scope).toBe("cluster");
    expect(scopeOf(hosts([90]), hosts([1]))).toEqual({ scope: "cluster", hosts: [] });
  });

  it("holds hosts against their own role", () => {
    const master = (name: string, value: number) => ({ name, role: "master", value });
    const masters = [master("m1", 1), master("m2", 1), master("m3", 1)];
    const usual = [...hosts([2, 3, 2]), ...masters];
    expect(scopeOf([...hosts([80, 90, 85]), ...masters], usual).scope).toBe("cluster");
    expect(scopeOf([...hosts([80, 3, 2]), ...masters], usual)).toEqual({
      scope: "hosts",
      hosts: ["h1"],
    });
    // A master that is busier than workers, as it was before.
    const busy = master("m1", 70);
    expect(scopeOf([...hosts([30, 31, 30]), busy], [...hosts([2, 3, 2]), busy]).scope).toBe(
      "cluster",
    );
  });
});

describe("standingOut", () => {
  it("finds a host far above the spread of its peers", () => {
    expect(standingOut([10, 11, 9, 10, 40], 5)).toEqual([4]);
    expect(standingOut([10, 11, 9, 10, 14.9], 5)).toEqual([]);
  });

  it("asks for more where peers differ among themselves", () => {
    expect(standingOut([1, 10, 20, 30, 45], 5)).toEqual([]);
  });

  it("wants at least four peers, of the same role", () => {
    expect(standingOut([1, 1, 50], 5)).toEqual([]);
    const values = [80, 1, 1, 1, 1];
    expect(standingOutByRole(values, ["w", "w", "w", "w", "w"], 5)).toEqual([0]);
    expect(standingOutByRole(values, ["master", "w", "w", "w", "w"], 5)).toEqual([]);
  });
});
