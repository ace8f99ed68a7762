import { readGoDuration } from "@portcullis/objects";

/** Milliseconds of a duration as Go's flags write it (`90s`, `1m30s`); undefined where it is none, or below zero. */
export function readDuration(text: string): number | undefined {
  const milliseconds = readGoDuration(text);
  return milliseconds === undefined || milliseconds < 0 ? undefined : milliseconds;
}
