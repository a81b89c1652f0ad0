import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { nvmeDevice } from "./nvme-device.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => host.remove());

function files(folder: string, content: Record<string, string | number>): void {
  for (const [file, text] of Object.entries(content)) {
    host.write(`sys/${folder}/${file}`, `${text}\n`);
  }
}

describe("NVMe Device", () => {
  it("tells on any kernel whether a controller works", () => {
    files("class/nvme/nvme0", { state: "live", model: "Fast Disk   ", transport: "pcie" });
    const recording = new Recording(host, nvmeDevice).sample(60).sample(60);
    expect(recording.values("nvme0", "Controller Live")).toEqual([1]);
    expect(recording.unit("nvme0").instance.attributes).toEqual({
      model: "Fast Disk",
      transport: "pcie",
    });
    for (const state of ["resetting", "deleting (no IO)", "dead"]) {
      files("class/nvme/nvme0", { state });
      recording.sample(60);
    }
    expect(recording.values("nvme0", "Controller Live")).toEqual([1, 0, 0, 0]);
    expect(recording.open.object.counters.map(({ name }) => name)).toEqual(["Controller Live"]);
  });

  it("says that a state is none", () => {
    files("class/nvme/nvme0", { state: "live" });
    const recording = new Recording(host, nvmeDevice).sample(60).sample(60);
    files("class/nvme/nvme0", { state: "\u0001 7" });
    expect(() => recording.sample(60)).toThrow(/nvme0\/state holds no word/);
    expect(recording.values("nvme0", "Controller Live")).toHaveLength(1);
  });

  it("counts errors of controllers, paths and disks with several paths", () => {
    const controller = { state: "live", "diag/command_error_count": 5, "diag/reset_count": 1 };
    const path = {
      "diag/command_error_count": 10,
      "diag/command_retries_count": 20,
      "diag/multipath_failover_count": 0,
    };
    const head = {
      "diag/io_requeue_no_usable_path_count": 0,
      "diag/io_fail_no_available_path_count": 0,
    };
    files("class/nvme/nvme0", controller);
    files("block/nvme0c0n1", path);
    files("block/nvme0n1", head);
    files("block/sda", { size: 1 });
    const recording = new Recording(host, nvmeDevice).sample(60);
    files("class/nvme/nvme0", { "diag/command_error_count": 6, "diag/reset_count": 3 });
    files("block/nvme0c0n1", { "diag/command_error_count": 14, "diag/command_retries_count": 21 });
    files("block/nvme0n1", { "diag/io_requeue_no_usable_path_count": 9 });
    recording.sample(60);
    expect(recording.instances()).toEqual(["nvme0", "nvme0c0n1", "nvme0n1"]);
    expect(recording.value("nvme0", "Admin Command Errors")).toBe(1);
    expect(recording.value("nvme0", "Controller Resets")).toBe(2);
    expect(recording.value("nvme0c0n1", "Command Errors")).toBe(4);
    expect(recording.value("nvme0c0n1", "Command Retries")).toBe(1);
    expect(recording.value("nvme0c0n1", "Path Failovers")).toBe(0);
    expect(recording.value("nvme0n1", "Commands Waiting for a Path")).toBe(9);
    expect(recording.value("nvme0n1", "Commands Failed without a Path")).toBe(0);
  });

  it("is not there without NVMe", () => {
    files("block/sda", { size: 1 });
    expect(nvmeDevice.open(host.context)).toBeUndefined();
  });
});
