/**
 * Hadoop's configuration files: `property` elements with `name`, `value` and `final`. Not an XML
 * parser: no entities but the five of XML and character numbers, no inclusion, no nesting; one pass
 * over the text, whatever is in it.
 */

export interface SiteProperty {
  readonly name: string;
  readonly value: string;
  /** Files read later may not change it. */
  readonly final: boolean;
}

export interface SiteFile {
  readonly properties: readonly SiteProperty[];
  /** Another file is included (`xi:include`); it was not read. */
  readonly includes: boolean;
}

const MAX_PROPERTIES = 5000;

export function parseSiteXml(text: string): SiteFile {
  const properties: SiteProperty[] = [];
  let includes = false;
  let fields: Record<string, string> | undefined;
  let field: string | undefined;
  const finish = () => {
    const name = fields?.["name"]?.trim();
    if (fields && name && fields["value"] !== undefined) {
      const final = fields["final"]?.trim() === "true";
      properties.push({ name, value: fields["value"].trim(), final });
    }
    fields = undefined;
    field = undefined;
  };
  for (const token of tokens(text)) {
    if (properties.length >= MAX_PROPERTIES) break;
    if (token.kind === "text") {
      if (fields && field !== undefined) fields[field] = (fields[field] ?? "") + token.text;
      continue;
    }
    const { name, closing, empty } = readTag(token.text);
    if (name === "property") {
      if (fields) finish();
      if (!closing) fields = attributes(token.text);
      if (empty) finish();
    } else if (/(^|:)include$/.test(name)) includes = true;
    else if (fields && /^(name|value|final)$/.test(name)) {
      field = closing || empty ? undefined : name;
      if (!closing) fields[name] = "";
    }
  }
  return { properties, includes };
}

/** `key value`, `key=value` or `key: value` a line; `#` begins a comment: spark-defaults.conf. */
export function parseProperties(text: string): SiteProperty[] {
  const properties: SiteProperty[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*([^#!\s=:][^\s=:]*)(?:\s*[=:]\s*|\s+)(.*?)\s*$/.exec(line);
    if (match && properties.length < MAX_PROPERTIES) {
      properties.push({ name: match[1]!, value: match[2]!, final: false });
    }
  }
  return properties;
}

interface Token {
  readonly kind: "text" | "tag";
  /** Character data with its entities resolved; what stands between `<` and `>`. */
  readonly text: string;
}

/** A part that does not end is the end of what is read. */
function* tokens(text: string): Generator<Token> {
  let at = 0;
  const skipPast = (end: string, from: number): number => {
    const found = text.indexOf(end, from);
    return found < 0 ? text.length : found + end.length;
  };
  while (at < text.length) {
    const open = text.indexOf("<", at);
    if (open < 0) break;
    if (open > at) yield { kind: "text", text: unescapeXml(text.slice(at, open)) };
    if (text.startsWith("<!--", open)) at = skipPast("-->", open + 4);
    else if (text.startsWith("<![CDATA[", open)) {
      at = skipPast("]]>", open + 9);
      yield { kind: "text", text: text.slice(open + 9, at - 3) };
    } else if (text.startsWith("<!", open)) {
      // A document type with declarations of its own: nothing of it is believed.
      const bracket = text.indexOf("[", open);
      const end = skipPast(">", open);
      at = bracket >= 0 && bracket < end ? skipPast(">", skipPast("]", bracket)) : end;
    } else if (text.startsWith("<?", open)) at = skipPast("?>", open + 2);
    else {
      at = skipPast(">", open);
      if (text[at - 1] === ">") yield { kind: "tag", text: text.slice(open + 1, at - 1) };
    }
  }
}

function readTag(text: string): { name: string; closing: boolean; empty: boolean } {
  const name = /^\/?([\w:.-]*)/.exec(text)?.[1] ?? "";
  return { name, closing: text.startsWith("/"), empty: text.endsWith("/") };
}

/** Hadoop 3 takes the fields as attributes as well: `<property name="a" value="b"/>`. */
function attributes(tag: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = "", , value = ""] of tag.matchAll(/\b(name|value|final)=(["'])(.*?)\2/g)) {
    fields[name] = unescapeXml(value);
  }
  return fields;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

/** An entity that is not XML's own stays as it is written. */
function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g,
    (all: string, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name as string] ?? all;
      const code = decimal ? Number(decimal) : Number.parseInt(hex as string, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
