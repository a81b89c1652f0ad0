import { describe, expect, it } from "vitest";
import { escaped, html, trusted } from "./markup.ts";

describe("html", () => {
  it("escapes what is put in, in text and in attributes", () => {
    const name = `<script>alert("1")</script> & 'x'`;
    expect(html`<td title="${name}">${name}</td>`.markup).toBe(
      `<td title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</td>`,
    );
  });

  it("puts markup and lists of it in as they are, and nothing for nothing", () => {
    const parts = ["a", "<b>"].map((text) => html`<i>${text}</i>`);
    expect(html`<b>${parts}${null}${undefined}${false}${0}</b>`.markup).toBe(
      "<b><i>a</i><i>&lt;b&gt;</i>0</b>",
    );
    expect(html`<b>${trusted("a > b {}")}</b>`.markup).toBe("<b>a > b {}</b>");
  });

  it("does not take an object that was read for markup", () => {
    const read = JSON.parse('{"markup":"<b>"}') as string;
    expect(html`${read}`.markup).toBe("{&quot;markup&quot;:&quot;&lt;b&gt;&quot;}");
  });

  it("replaces characters that no document may hold, or that turn text around", () => {
    expect(escaped("a\u0000b\u001bc\u202ed\u2066e\tf\ng")).toBe(
      "a\ufffdb\ufffdc\ufffdd\ufffde\tf\ng",
    );
  });
});
