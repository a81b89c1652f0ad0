/** What can be told of a segment without decoding its samples: quick, also while it grows. */
import { checkEvent } from "./check.ts";
import type { LogEvent } from "./block.ts";
import { FRAME, MARKER } from "./format.ts";
import { readFrame, SegmentFile } from "./segment-file.ts";

export interface SegmentSurvey {
  readonly samples: number;
  readonly events: readonly LogEvent[];
}

/** Stretches that cannot be read are passed over. */
export function surveySegment(path: string): SegmentSurvey {
  const file = new SegmentFile(path);
  const events: LogEvent[] = [];
  let samples = 0;
  try {
    for (let offset = file.findMarker(0); offset < file.size;) {
      if (file.isMarker(offset)) {
        offset += MARKER.length;
        continue;
      }
      const frame = readFrame(file, offset);
      if ("fault" in frame) {
        offset = file.findMarker(offset + 1);
        continue;
      }
      if (frame.type === FRAME.sample) samples++;
      else if (frame.type === FRAME.event) events.push(...eventOf(frame.payload));
      offset = frame.next;
    }
  } finally {
    file.close();
  }
  return { samples, events };
}

function eventOf(payload: Buffer): LogEvent[] {
  try {
    return [checkEvent(JSON.parse(payload.toString("utf8")))];
  } catch {
    return [];
  }
}
