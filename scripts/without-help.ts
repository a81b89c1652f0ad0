/**
 * Leaves the explanations of counters out of the agent: it never shows them, they are more than a
 * quarter of its text, and V8 keeps them twice (docs/agent.md).
 */
import type { Plugin } from "rolldown";
import { parseAst } from "rolldown/parseAst";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly value?: unknown;
  readonly operator?: string;
  readonly left?: Node;
  readonly right?: Node;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

/** Every sentence in the declarations of collectors becomes an empty text. */
export function withoutHelp(): Plugin {
  return {
    name: "without-help",
    transform: {
      filter: { id: /\/src\/collectors\/[^/]+\.ts$/ },
      handler(code) {
        const texts: Node[] = [];
        findSentences(parseAst(code, { lang: "ts" }), texts);
        return texts.reduceRight(
          (text, { start, end }) => `${text.slice(0, start)}""${text.slice(end)}`,
          code,
        );
      },
    },
  };
}

function findSentences(value: unknown, found: Node[]): void {
  if (Array.isArray(value)) return value.forEach((item) => findSentences(item, found));
  if (!isNode(value)) return;
  // What is thrown is shown.
  if (value.type === "ThrowStatement") return;
  const text = textOf(value);
  if (text === undefined) Object.values(value).forEach((item) => findSentences(item, found));
  else if (/^[A-Z0-9(].*\s.*\.\)?$/s.test(text)) found.push(value);
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
