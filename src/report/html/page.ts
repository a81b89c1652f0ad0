/** The frame of a report: one file that asks for nothing else, and may run nothing but its own script. */
import { createHash } from "node:crypto";
import { html, trusted, type Content, type Markup } from "./markup.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

export interface PageSection {
  /** Of the heading, for links. */
  readonly id: string;
  readonly heading: string;
  readonly body: Content;
}

export interface Page {
  readonly title: string;
  /** Above the sections: the answer. */
  readonly header: Content;
  readonly sections: readonly PageSection[];
  readonly footer: Content;
}

export function renderPage({ title, header, sections, footer }: Page): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>${title}</title>
      ${element("style", STYLE)}
    </head>
    <body>
      <a class="skip" href="#main">Skip to the evidence</a>
      <header>${header}</header>
      <nav aria-label="Sections">
        <ul>
          ${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}
        </ul>
      </nav>
      <main id="main">
        ${sections.map(
          ({ id, heading, body }) =>
            html`<section aria-labelledby="${id}">
              <h2 id="${id}">${heading}</h2>
              ${body}
            </section>`,
        )}
      </main>
      <footer>${footer}</footer>
      ${element("script", SCRIPT)}
    </body>
  </html>`;
  return `<!doctype html>\n${page.markup}\n`;
}

/** Not a part of the template, where a formatter could add blanks that the hash does not know of. */
function element(name: "style" | "script", text: string): Markup {
  return trusted(`<${name}>${text}</${name}>`);
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
