import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // Real processes, files and stores: give them room on a small, busy machine.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    // Tests never see the color or the store of the person who runs them.
    env: { NO_COLOR: "1", PERFMON_DB: "", TZ: "UTC" },
    coverage: { include: ["src/**/*.ts"] },
  },
});
