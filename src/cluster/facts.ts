/** What a host has, as `look` of node.sh tells it, and which recorder that makes possible. */

export interface NodeProgram {
  readonly path: string;
  readonly version: string;
}

export interface HostFacts {
  readonly kernel: string;
  readonly machine: string;
  readonly os: string;
  readonly user: string;
  readonly root: boolean;
  readonly nodes: readonly NodeProgram[];
  readonly missingTools: readonly string[];
  /** Folder for what is put there; `undefined` when there can be none, for the reason in `unusable`. */
  readonly base?: string;
  readonly unusable?: string;
  readonly freeBytes?: number;
  /** Other users' processes cannot be seen. */
  readonly hidePid: boolean;
  /** I/O of other users' processes can be read. */
  readonly seesAll: boolean;
  /** Files that were put there before. */
  readonly files: readonly string[];
  /** Other runs that are being recorded there: `CLUSTER/RUN`. */
  readonly others: readonly string[];
}

export function parseFacts(lines: readonly string[]): HostFacts {
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const value = (key: string) => values(key)[0];
  const [user = "", uid = ""] = (value("user") ?? "").split(" ");
  const freeKb = Number(value("free_kb"));
  const base = value("base");
  const unusable = value("unusable");
  return {
    kernel: value("kernel") ?? "",
    machine: value("machine") ?? "",
    os: value("os") ?? "",
    user,
    root: uid === "0",
    nodes: values("node").flatMap((text) => {
      const [version = "", ...path] = text.split(" ");
      return path.length > 0 ? [{ version, path: path.join(" ") }] : [];
    }),
    missingTools: values("missing"),
    ...(base === undefined ? undefined : { base }),
    ...(unusable === undefined ? undefined : { unusable }),
    ...(freeKb > 0 ? { freeBytes: freeKb * 1024 } : undefined),
    hidePid: /^(1|2|4|noaccess|invisible|ptraceable)$/.test(value("hidepid") ?? ""),
    seesAll: value("sees_all") === "yes",
    files: values("has"),
    others: values("other"),
  };
}

/** What the sh recorder cannot do without. */
const NEEDED_TOOLS = ["awk", "gzip", "mkfifo", "sed", "tail", "head", "wc", "du", "df"];

export type RecorderChoice =
  | { readonly kind: "node"; readonly program: NodeProgram }
  | { readonly kind: "sh" }
  | { readonly kind: "none"; readonly reason: string };

export function chooseRecorder(
  facts: HostFacts,
  wanted: "auto" | "node" | "sh",
  minFreeBytes: number,
): RecorderChoice {
  if (facts.base === undefined) {
    return { kind: "none", reason: facts.unusable ?? "there is no place for files" };
  }
  if (facts.freeBytes !== undefined && facts.freeBytes < minFreeBytes) {
    return { kind: "none", reason: `the disk of ${facts.base} has too little room` };
  }
  const program = facts.nodes.find(({ version }) => isSuitable(version));
  if (program && wanted !== "sh") return { kind: "node", program };
  if (wanted === "node") {
    const found = facts.nodes.map(({ version, path }) => `${path} is ${version}`).join(", ");
    return { kind: "none", reason: `there is no Node 12.22 or newer${found ? ` (${found})` : ""}` };
  }
  const missing = NEEDED_TOOLS.filter((tool) => facts.missingTools.includes(tool));
  if (missing.length > 0) {
    return {
      kind: "none",
      reason: `there is no Node, and no ${missing.join(", ")} for the recorder`,
    };
  }
  return { kind: "sh" };
}

function isSuitable(version: string): boolean {
  const match = /^v(\d+)\.(\d+)\./.exec(version);
  const [major, minor] = [Number(match?.[1]), Number(match?.[2])];
  return major > 12 || (major === 12 && minor >= 22);
}

/** Sentences: what is not recorded there, and why. */
export function limitsOf(facts: HostFacts, choice: RecorderChoice): string[] {
  return [
    ...(facts.hidePid && !facts.root ? ["hidepid: only its own processes are seen"] : []),
    ...(facts.seesAll || facts.root || choice.kind !== "node"
      ? []
      : ["not root: no I/O of other users' processes"]),
    ...(choice.kind === "sh"
      ? ["no Node: processes without I/O and roles (docs/recorder.md)"]
      : []),
    ...facts.others.map((run) => `${run} is being recorded there, too`),
  ];
}
