/**
 * A block header as bytes: every object as dense JSON, deflated with what the dictionary knows of the
 * object of its name; then the rest as JSON. Every block has one, so its size counts.
 * `docs/log-format.md` describes the form.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { RecordedObject } from "../counter/recorded.ts";
import type { BlockHeader } from "./block.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { checkBlockHeader, record } from "./check.ts";
import { denseText, looseObject } from "./dense-object.ts";
import { READ_LIMITS } from "./format.ts";
import { headerDictionary, restDictionary } from "./header-dictionary.ts";
import { denseEntries, looseEntries } from "./unit-entries.ts";

/** Objects stay the same from block to block, and so do their bytes. */
const encoded = new WeakMap<RecordedObject, Buffer>();

/** @returns the payload of a header frame, after the version and the dictionary number */
export function encodeHeader({ objects, units, ...others }: BlockHeader): Buffer {
  const rest = { ...others, units: denseEntries(units) };
  const count = new ByteWriter();
  count.unsigned(objects.length);
  const dictionary = objects.every((object) => encoded.has(object)) ? [] : headerDictionary();
  return Buffer.concat([
    count.view(),
    ...objects.map((object) => encodeObject(object, dictionary)),
    deflateRawSync(JSON.stringify(rest), {
      level: 9,
      dictionary: Buffer.from(restDictionary, "latin1"),
    }),
  ]);
}

/** @throws Error when it is not a header */
export function decodeHeader(payload: Uint8Array): BlockHeader {
  const reader = new ByteReader(payload);
  const dictionary = headerDictionary();
  let room: number = READ_LIMITS.headerJsonBytes;
  const inflate = (bytes: Uint8Array, known?: string): string => {
    const text = inflateRawSync(bytes, {
      maxOutputLength: Math.max(1, room),
      ...(known === undefined ? {} : { dictionary: Buffer.from(known, "latin1") }),
    });
    room -= text.length;
    return text.toString("utf8");
  };
  const objects: unknown[] = [];
  for (let left = reader.unsigned(); left > 0; left--) {
    const entry = reader.unsigned();
    const known = dictionary[entry - 1];
    if (entry > 0 && known === undefined) throw new Error("dictionary entry of an object");
    const bytes = reader.take(reader.unsigned());
    objects.push(looseObject(bytes.length === 0 ? (known ?? "") : inflate(bytes, known)));
  }
  const rest = record(
    JSON.parse(inflate(payload.subarray(reader.position), restDictionary)),
    "header",
  );
  const units = looseEntries(rest["units"], objects.length);
  return checkBlockHeader({ ...rest, objects, units });
}

/** Position in the dictionary from 1, or 0; length; raw deflate, or nothing when the entry says it all. */
function encodeObject(object: RecordedObject, dictionary: readonly string[]): Buffer {
  let bytes = encoded.get(object);
  if (!bytes) encoded.set(object, (bytes = newlyEncoded(object, dictionary)));
  return bytes;
}

function newlyEncoded(object: RecordedObject, dictionary: readonly string[]): Buffer {
  const start = `[${JSON.stringify(object.name)},`;
  const entry = dictionary.findIndex((text) => text.startsWith(start));
  const known = dictionary[entry];
  const text = denseText(object);
  const packed =
    known === text
      ? Buffer.alloc(0)
      : deflateRawSync(text, {
          level: 9,
          ...(known === undefined ? {} : { dictionary: Buffer.from(known, "latin1") }),
        });
  const head = new ByteWriter();
  head.unsigned(entry + 1);
  head.unsigned(packed.length);
  return Buffer.concat([head.view(), packed]);
}
