/** Checks a parsed document against version 1 of the comparison's JSON (docs/compare-json.md). */
import { z } from "zod";
import { RESOURCES, STATES } from "../../src/analysis/resources.ts";

const side = z.enum(["baseline", "candidate"]);
const resource = z.enum(["cpu", "memory", "disk", "network", "virtualization"]);
const finite = z.number();
const share = z.number().min(0).max(1);

const run = z.strictObject({
  cluster: z.string(),
  run: z.string(),
  hosts: z.array(z.string()),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  durationSeconds: z.number().min(0),
});

const use = z.strictObject({
  utilization: z.number().min(0).max(100).nullable(),
  saturation: z.number().min(0).max(100).nullable(),
  errors: z.number().min(0).nullable(),
  signal: z.string(),
});

const resourceComparison = z.strictObject({
  baseline: use,
  candidate: use,
  state: z.enum(["better", "same", "worse", "unknown"]),
});

const byState = (value: z.ZodType<number>) =>
  z.strictObject(Object.fromEntries(STATES.map((state) => [state, value])));

const limit = z.enum([...RESOURCES, "none", "unknown"]);

const finding = z.strictObject({
  id: z.string().min(1),
  rule: z.string().regex(/^[a-z-]+$/),
  resource: z.enum([...RESOURCES, "system"]),
  severity: z.enum(["critical", "warning", "info"]),
  cluster: z.enum(["baseline", "candidate", "both"]),
  hosts: z.array(z.string()),
  counter: z.string().startsWith("\\\\"),
  baseline: finite.nullable(),
  candidate: finite.nullable(),
  ratio: finite.nullable(),
  interval: z.tuple([finite, finite]).nullable(),
  score: z.number().min(0),
  message: z.string().min(1),
  why: z.string().min(1),
  next: z.string().min(1),
  sql: z.string().min(1),
});

export const COMPARISON = z.strictObject({
  schema: z.literal(1),
  baseline: run,
  candidate: run,
  comparability: z.array(
    z.strictObject({
      code: z.string().regex(/^[a-z-]+$/),
      severity: z.enum(["error", "warning", "info"]),
      message: z.string().min(1),
    }),
  ),
  inventory: z.array(
    z.strictObject({
      key: z.string().min(1),
      baseline: z.string().nullable(),
      candidate: z.string().nullable(),
      relevance: z.enum(["high", "medium", "low"]),
    }),
  ),
  resources: z.strictObject(
    Object.fromEntries(RESOURCES.map((name) => [name, resourceComparison])),
  ),
  timeAttribution: z.strictObject({
    baseline: byState(share),
    candidate: byState(share),
    extraSeconds: byState(finite),
  }),
  limits: z.strictObject({ baseline: limit, candidate: limit }),
  verdict: z.strictObject({
    outcome: z.enum(["difference", "no-difference", "inconclusive"]),
    slower: z.enum(["baseline", "candidate", "neither", "unknown"]),
    bottleneck: z.union([resource, z.enum(["none", "inconclusive"])]),
    cluster: z.union([side, z.literal("both")]).nullable(),
    scope: z.enum(["cluster", "hosts"]).nullable(),
    hosts: z.array(z.string()),
    confidence: share,
    summary: z.string().min(1),
  }),
  findings: z.array(finding),
});
