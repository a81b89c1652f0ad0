import { describe, expect, it } from "vitest";
import { parseProperties, parseSiteXml } from "./site-xml.ts";

const values = (text: string) =>
  Object.fromEntries(parseSiteXml(text).properties.map(({ name, value }) => [name, value]));

describe("parseSiteXml", () => {
  it("reads names, values and what is final", () => {
    const text =
      '<?xml version="1.0"?>\n<configuration>\n <property>\n  <name>a.b</name>\n  <value> 1 </value>\n' +
      "  <description>text <b>bold</b></description><final>true</final>\n </property>\n" +
      "<property><value>second</value><name>c</name></property><property><name>empty</name><value/></property>" +
      "<property><name>none</name></property></configuration>";
    expect(parseSiteXml(text)).toEqual({
      properties: [
        { name: "a.b", value: "1", final: true },
        { name: "c", value: "second", final: false },
        { name: "empty", value: "", final: false },
      ],
      includes: false,
    });
  });

  it("knows comments, CDATA, characters by number, and fields as attributes", () => {
    const text =
      "<configuration><!-- <property><name>x</name><value>y</value></property> -->" +
      "<property><name>a</name><value>1 &lt; 2 &#38; &#x41;<![CDATA[<b>&amp;]]></value></property>" +
      "<property name='d' value=\"e&amp;f\" final='true'/></configuration>";
    expect(values(text)).toEqual({ a: "1 < 2 & A<b>&amp;", d: "e&f" });
  });

  it("expands no entities and includes no files", () => {
    const text =
      '<!DOCTYPE c [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>' +
      '<configuration xmlns:xi="x"><xi:include href="file:///etc/passwd"/>' +
      "<property><name>n</name><value>&b;&f;</value></property></configuration>";
    expect(values(text)).toEqual({ n: "&b;&f;" });
    expect(parseSiteXml(text).includes).toBe(true);
  });

  it.each(["<!--", "<![CDATA[", "<?", "<", "<property", "<property><name>", "<!DOCTYPE [", "&"])(
    "takes a million characters of %s in its stride",
    (piece) => {
      const started = performance.now();
      parseSiteXml(piece.repeat(1_000_000 / piece.length));
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  it("keeps what came before the damage", () => {
    const whole = "<configuration><property><name>a</name><value>1</value></property>";
    for (const end of ["<property><name>b", "<!-- ", "<", "<property><name>b</name><value>2"]) {
      expect(values(whole + end)).toEqual({ a: "1" });
    }
  });
});

describe("parseProperties", () => {
  it("reads the three ways to write them", () => {
    expect(parseProperties("# c\n! c\n\na.b  1 2\n c=3\nd: 4\ne = \nlonely\n")).toEqual([
      { name: "a.b", value: "1 2", final: false },
      { name: "c", value: "3", final: false },
      { name: "d", value: "4", final: false },
      { name: "e", value: "", final: false },
    ]);
  });
});
