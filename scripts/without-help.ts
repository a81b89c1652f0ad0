/**
 * Leaves out of the agent what declarations say to people and to the analysis: it never shows that,
 * it is more than a third of its text, and V8 keeps the text, the strings and the objects made of
 * them (docs/agent.md).
 */
import type { Plugin } from "rolldown";
import { parseAst } from "rolldown/parseAst";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly value?: unknown;
  readonly kind?: string;
  readonly computed?: boolean;
  readonly key?: Node;
  readonly name?: string;
  readonly operator?: string;
  readonly left?: Node;
  readonly right?: Node;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

/** Properties of counters that no recording has (src/counter/recorded.ts). */
const NOT_RECORDED = new Set(
  "resource use better defaultScale level source doc since equivalents".split(" "),
);
/** What declarations write such a property down as; anything else may be code. */
const WRITTEN_DOWN = new Set(["Literal", "UnaryExpression", "ArrayExpression", "ObjectExpression"]);

/** Every sentence in the declarations of collectors becomes an empty text; of their properties some go. */
export function withoutHelp(): Plugin {
  return {
    name: "without-help",
    transform: {
      filter: { id: /\/src\/collectors\/[^/]+\.ts$/ },
      handler(code) {
        const found: Node[] = [];
        find(parseAst(code, { lang: "ts" }), found);
        return found.reduceRight((text, { type, start, end }) => {
          const rest = text.slice(end);
          const instead = type === "Property" ? rest.replace(/^\s*,/, "") : `""${rest}`;
          return text.slice(0, start) + instead;
        }, code);
      },
    },
  };
}

function find(value: unknown, found: Node[]): void {
  if (Array.isArray(value)) return value.forEach((item) => find(item, found));
  if (!isNode(value)) return;
  // What is thrown is shown.
  if (value.type === "ThrowStatement") return;
  if (isNotRecorded(value)) return void found.push(value);
  const text = textOf(value);
  if (text === undefined) Object.values(value).forEach((item) => find(item, found));
  else if (/^[A-Z\d(].*\s.*\.\)?$/s.test(text)) found.push(value);
}

function isNotRecorded({ type, key, kind, computed, value }: Node): boolean {
  if (type !== "Property" || kind !== "init" || computed) return false;
  return NOT_RECORDED.has(key?.name ?? "") && isNode(value) && WRITTEN_DOWN.has(value.type);
}

/** The text of a literal, of a template, or of several joined by `+`. */
function textOf(node: Node): string | undefined {
  const { value, operator, left, right, quasis } = node;
  switch (node.type) {
    case "Literal":
      return typeof value === "string" ? value : undefined;
    case "TemplateLiteral":
      return quasis?.map((part) => part.value.raw).join("");
    case "BinaryExpression": {
      const [start, end] = [left && textOf(left), right && textOf(right)];
      return operator !== "+" || start === undefined || end === undefined ? undefined : start + end;
    }
    default:
      return undefined;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
