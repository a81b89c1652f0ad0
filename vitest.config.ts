import { defineConfig } from "vitest/config";

/** Tests that tell something about time: nothing else may run beside them. */
const ALONE = [
  "test/lab/{control-groups,guest-verdicts,host-verdicts}.test.ts",
  "test/cluster/guests.test.ts",
  "test/agent/kill.test.ts",
  "test/recorder/kill.test.ts",
  "test/live/**/*.test.ts",
  "test/cli/demo.test.ts",
];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...ALONE],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "alone", include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
    // Real processes, files and stores: give them room on a small, busy machine.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    // Tests never see the color or the store of the person who runs them.
    env: { NO_COLOR: "1", PERFMON_DB: "", TZ: "UTC" },
    coverage: { include: ["src/**/*.ts"] },
  },
});
