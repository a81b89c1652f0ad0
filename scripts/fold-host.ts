/**
 * A fixture host as one text file, and back:
 *
 *     npx tsx scripts/fold-host.ts FOLDER 'what it is' > test/hosts/<name>/host.txt
 *     npx tsx scripts/fold-host.ts --unfold test/hosts/<name> FOLDER
 */
import { foldHost, unfoldHost } from "../test/hosts/host-text.ts";

const [first, second, third] = process.argv.slice(2);
if (first === "--unfold" && second && third) {
  if (!unfoldHost(second, third)) throw new Error(`${second} has no host.txt`);
} else if (first && second) process.stdout.write(foldHost(first, second));
else {
  console.error("usage: fold-host.ts FOLDER COMMENT | --unfold HOST FOLDER");
  process.exitCode = 2;
}
