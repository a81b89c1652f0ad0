/**
 * HTML as a template: whatever is put into it is text and is escaped, unless it was made by the same
 * template. Names of hosts and counters come from recordings, and may be anything.
 *
 * @example html`<td>${host}</td>`
 */

/** Text that is HTML already. A class: nothing that was read from data can be one. */
export class Markup {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Content = string | number | Markup | readonly Content[] | null | undefined | false;

export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let markup = parts[0]!;
  for (let i = 0; i < contents.length; i++) markup += rendered(contents[i]) + parts[i + 1]!;
  return new Markup(markup);
}

/** For our own constants only: style and script. */
export function trusted(markup: string): Markup {
  return new Markup(markup);
}

function rendered(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (typeof content === "string") return escaped(content);
  if (typeof content === "number") return String(content);
  if (content instanceof Markup) return content.markup;
  if (Array.isArray(content)) return content.map(rendered).join("");
  // Something that was read, whatever its type promised.
  return escaped(JSON.stringify(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Also in attributes, which are always quoted. Characters that no document may hold are replaced. */
export function escaped(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (character) => ENTITIES[character]!)
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, "\ufffd")
      // Controls of direction would let a name rewrite the sentence around it.
      .replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
  );
}
