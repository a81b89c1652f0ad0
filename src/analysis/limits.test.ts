import { describe, expect, it } from "vitest";
import { accountedFor, leadingResource, limitOf } from "./limits.ts";
import { byState } from "./resources.ts";

const of = (values: Partial<Record<string, number>>) => byState((state) => values[state] ?? 0);

describe("leadingResource", () => {
  it("is the largest", () => {
    expect(leadingResource(of({ cpu: 3, disk: 2, network: 4 }))).toBe("network");
  });

  it("is the cause where it shows through the largest", () => {
    expect(leadingResource(of({ disk: 10, memory: 5 }))).toBe("memory");
    expect(leadingResource(of({ disk: 10, memory: 4.9 }))).toBe("disk");
    expect(leadingResource(of({ cpu: 10, virtualization: 5 }))).toBe("virtualization");
  });

  it("weighs paging and the disk it waits for together against the others", () => {
    const starved = of({ cpu: 19, memory: 15, disk: 9 });
    expect(leadingResource(starved)).toBe("memory");
    expect(accountedFor("memory", starved, starved)).toBe(24);
    expect(leadingResource(of({ cpu: 25, memory: 15, disk: 9 }))).toBe("cpu");
    // Too little of it is paging for the disk's time to be memory's.
    expect(leadingResource(of({ cpu: 19, memory: 4, disk: 16 }))).toBe("cpu");
  });

  it("does not take time of the CPUs for time of the hypervisor", () => {
    expect(leadingResource(of({ memory: 12, cpu: 10, virtualization: 6 }))).toBe("memory");
  });
});

describe("accountedFor", () => {
  it("adds the symptom that a cause leads through, and that alone", () => {
    const stolen = of({ cpu: 34, virtualization: 9, network: 3 });
    expect(accountedFor("virtualization", of({ cpu: 34, virtualization: 18 }), stolen)).toBe(43);
    expect(accountedFor("virtualization", stolen, stolen)).toBe(9);
    expect(accountedFor("cpu", stolen, stolen)).toBe(34);
    // What is less than before explains nothing of what is more.
    expect(accountedFor("memory", of({ memory: 9 }), of({ memory: 5, disk: -3 }))).toBe(5);
  });
});

describe("limitOf", () => {
  it("names nothing below a third of the time, and a cause together with its symptom", () => {
    expect(limitOf(of({ cpu: 0.34, idle: 0.66 }), 10)).toBe("none");
    expect(limitOf(of({ cpu: 0.36, idle: 0.64 }), 10)).toBe("cpu");
    expect(limitOf(of({ memory: 0.2, disk: 0.2, idle: 0.6 }), 10)).toBe("memory");
    expect(limitOf(of({ cpu: 1 }), 1)).toBe("unknown");
  });
});
