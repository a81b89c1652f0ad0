/** The pages of docs/counters/, one per counter object, from the declarations. */
import { collectors } from "../src/collectors/all.ts";
import type { Counter, CounterObject } from "../src/counter/declaration.ts";

const GENERATED = "Generated from the declarations by `npm run docs`; do not edit.";

/** Kernels older than this are not supported, so it is what a counter without a version needs. */
const OLDEST_KERNEL = "2.6.32";

const CADENCES = new Map<CounterObject["cadence"], string>([
  ["every-sample", "with every sample"],
  [10_000, "every 10 s"],
  [60_000, "every minute"],
]);

const BETTER = { lower: "lower is better", higher: "higher is better", neutral: "" };

/** @returns texts by file name, `README.md` first */
export function counterDocs(): Map<string, string> {
  const objects = collectors.map(({ object }) => object).sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map([
    ["README.md", index(objects)],
    ...objects.map((object) => [fileName(object), page(object)] as const),
  ]);
}

function fileName({ name }: CounterObject): string {
  return `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.md`;
}

function index(objects: readonly CounterObject[]): string {
  const rows = objects.map((object) => [
    `[${object.name}](${fileName(object)})`,
    instancesOf(object),
    `${object.counters.length}`,
    CADENCES.get(object.cadence)!,
    firstSentence(object.help),
  ]);
  return `# Counters

${GENERATED} The same text in the terminal: \`perfmon counters --explain 'PhysicalDisk(*)\\*'\`.

${table(["object", "instances", "counters", "read", "what it is"], rows)}
`;
}

function page(object: CounterObject): string {
  const rows = object.counters.map((counter) => [
    `[${escape(counter.name)}](#${anchor(counter.name)})`,
    counter.unit,
    roleOf(counter),
  ]);
  return `# ${object.name}

${GENERATED}

${object.help}

Instances: ${instancesOf(object)}. Read ${CADENCES.get(object.cadence)}.

${table(["counter", "unit", "tells"], rows)}

${object.counters.map((counter) => section(object, counter)).join("\n")}`;
}

function section(object: CounterObject, counter: Counter): string {
  const { source, equivalents = [] } = counter;
  const path = `\\${object.name}${object.instances === "none" ? "" : "(*)"}\\${counter.name}`;
  const facts = [
    `Unit and type: ${counter.unit}, ${counter.type}`,
    `Tells: ${[roleOf(counter), BETTER[counter.better]].filter(Boolean).join("; ")}`,
    `Source: \`${source.file}\`, ${escape(source.field)}${source.doc ? ` ([documentation](${source.doc}))` : ""}`,
    `Kernel: ${source.since ?? OLDEST_KERNEL} and newer`,
    ...(equivalents.length > 0 ? [`Same as: ${escape(equivalents.join(", "))}`] : []),
    ...(counter.level === "advanced" ? ["Level: advanced"] : []),
  ];
  return `## ${escape(counter.name)}

\`${path}\`

${escape(counter.help)}

${facts.map((fact) => `- ${fact}`).join("\n")}
`;
}

function roleOf({ use, resource }: Counter): string {
  return use === "information" ? `of ${resource}` : `${use} of ${resource}`;
}

function instancesOf({ instances }: CounterObject): string {
  if (instances === "none") return "none";
  return instances.what + (instances.total ? ", and `_Total`" : "");
}

function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, ".") ?? text;
}

/** As Markdown readers make anchors of headings. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/\s/g, "-");
}

/** Signs that Markdown or a table would take for its own. */
function escape(text: string): string {
  return text.replace(/[*_<|\\]/g, "\\$&");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
