/** What is wrong with a page: not well-formed, not self-contained, not accessible. */
import { createHash } from "node:crypto";

const VOID = new Set(["meta", "input", "br"]);

/** Empty when the page is as it should be. */
export function pageFaults(page: string): string[] {
  return [...nestingFaults(page), ...policyFaults(page), ...accessFaults(page)];
}

/** Elements close in the order in which they opened; nothing stands outside of the template's own. */
function nestingFaults(page: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const text = page.replace(/<(script|style)>[^]*?<\/\1>/g, "<$1></$1>");
  for (const [tag, closing, name, , self] of text.matchAll(
    /<(\/?)([a-z0-9]+)((?:\s+[\w-]+(?:="[^"<]*")?)*)\s*(\/?)>/g,
  )) {
    if (closing === "/") {
      const last = open.pop();
      if (last !== name) faults.push(`${tag} closes <${last ?? "nothing"}>`);
    } else if (self !== "/" && !VOID.has(name!)) open.push(name!);
  }
  if (open.length > 0) faults.push(`left open: ${open.join(" ")}`);
  const stray = text
    .replace(/<!doctype html>/, "")
    .replace(/<\/?[a-z0-9]+(?:\s+[\w-]+(?:="[^"<]*")?)*\s*\/?>/g, "");
  if (/[<>]/.test(stray)) faults.push(`a stray < or >: ${/.{0,40}[<>].{0,40}/.exec(stray)![0]}`);
  return faults;
}

/** Only our own style and script, by their hashes; nothing from elsewhere. */
function policyFaults(page: string): string[] {
  const faults: string[] = [];
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page)?.[1] ?? "";
  if (!policy.includes("default-src &#39;none&#39;")) faults.push("no strict policy");
  if (/unsafe|https?:|\*/.test(policy)) faults.push(`an open policy: ${policy}`);
  for (const kind of ["style", "script"]) {
    const found = [...page.matchAll(new RegExp(`<${kind}>([^]*?)</${kind}>`, "g"))];
    if (found.length !== 1) faults.push(`${found.length} times <${kind}>`);
    const hash = createHash("sha256")
      .update(found[0]?.[1] ?? "")
      .digest("base64");
    if (!policy.includes(`sha256-${hash}`)) faults.push(`the policy does not allow the ${kind}`);
  }
  if (/\s(style|on[a-z]+)="/.test(page)) faults.push("a style or handler in an attribute");
  const links = [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, target]) => target!);
  for (const link of links) if (!link.startsWith("#")) faults.push(`refers to ${link}`);
  if (/url\(|@import/.test(page)) faults.push("the style refers to something");
  return faults;
}

function accessFaults(page: string): string[] {
  const faults: string[] = [];
  const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0;
  for (const landmark of ["header", "nav", "main", "footer"]) {
    if (count(new RegExp(`<${landmark}[ >]`, "g")) !== 1) faults.push(`not one <${landmark}>`);
  }
  if (count(/<h1>/g) !== 1) faults.push("not one <h1>");
  if (!/<html lang="en">/.test(page)) faults.push("no language");
  if (count(/<table>/g) !== count(/<caption>/g)) faults.push("a table without a caption");
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
  if (new Set(ids).size !== ids.length) faults.push("an id that is there twice");
  const wanted = [...page.matchAll(/\s(?:aria-labelledby|href)="#?([^"]*)"/g)];
  for (const id of wanted.flatMap(([, list]) => list!.split(" "))) {
    if (!ids.includes(id)) faults.push(`nothing has the id ${id}`);
  }
  for (const [svg] of page.matchAll(/<svg[^>]*>/g)) {
    if (!/aria-hidden="true"|aria-labelledby=/.test(svg)) faults.push(`unnamed: ${svg}`);
  }
  return faults;
}
