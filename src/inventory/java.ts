/** Which Java it is, without starting one: every JDK has a file `release` that says so. */
import type { HostFiles } from "./host-files.ts";
import type { Jvm } from "./jvms.ts";
import { linkTarget } from "./read-text.ts";

export interface JavaInventory {
  /** The `java` of the search path: `17.0.15 Debian`. */
  readonly default?: string;
  /** Those that are running, with the memory they ask for when nothing is set. */
  readonly running?: readonly string[];
}

/** Where a `java` stands that is found without knowing more. */
const USUAL = ["/usr/bin/java", "/usr/local/bin/java", "/etc/alternatives/java"];

export function defaultJava(files: HostFiles): string | undefined {
  for (const path of USUAL) {
    const program = files.realPath(path);
    const release = program === undefined ? undefined : releaseOf(files, program);
    if (release !== undefined) return release;
  }
  return undefined;
}

/** The Java that runs this process: by its program file, else (another user's) by what it says. */
export function javaOf(
  procRoot: string,
  { pid, command, environment, files }: Jvm,
): string | undefined {
  const program =
    linkTarget(`${procRoot}/${pid}/exe`)?.replace(/ \(deleted\)$/, "") ??
    files.realPath(command.split("\0")[0] ?? "");
  const home = environment.get("JAVA_HOME");
  return (
    (program === undefined ? undefined : releaseOf(files, program)) ??
    (home === undefined ? undefined : releaseOf(files, `${home}/bin/java`))
  );
}

/** @param program `/usr/lib/jvm/java-17/bin/java`, or `.../jre/bin/java` of a Java 8 */
function releaseOf(files: HostFiles, program: string): string | undefined {
  const home = program.replace(/\/bin\/[^/]*$/, "");
  if (home === program) return undefined;
  const text = files.read(`${home}/release`) ?? files.read(`${home.replace(/\/jre$/, "")}/release`);
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?`, "m").exec(text ?? "")?.[1];
  const version = value("JAVA_VERSION");
  // Before Java 10 the file does not tell whose it is.
  return version ? [version, value("IMPLEMENTOR")].filter(Boolean).join(" ") : undefined;
}
