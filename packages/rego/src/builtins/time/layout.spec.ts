import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { BuiltinFailure } from "../failure.ts";
import { formatTime } from "./format-time.ts";
import { parseDuration } from "./duration.ts";
import { parseTime } from "./parse-time.ts";
import { fixedZone, utc } from "./zone.ts";

const separators = fc.constantFrom(" ", "-", "/", "T", ", ", "_", " of ", "é");
/** Elements that together say all of a date, of a time of day, and of an offset. */
const dates = fc.constantFrom(
  ["2006", "01", "02"],
  ["2006", "Jan", "_2"],
  ["January", "2", "2006"],
  ["02", "1", "2006"],
  ["2006", "002"],
  ["2006", "__2"],
  ["Mon", "Jan", "2", "2006"],
  ["Monday", "02", "January", "2006"],
);
const clocks = fc.constantFrom(
  "15:04:05.000000000",
  "15:04:05.999999999",
  "03:04:05.000000000 PM",
  "3:4:5.999999999pm",
  "15h04m05s,000000000",
);
const offsets = fc.constantFrom("Z07:00", "-0700", "Z0700", "-07:00", "-07:00:00", "Z070000");
const layouts = fc
  .tuple(dates, clocks, offsets, separators, fc.boolean())
  .map(([date, clock, offset, separator, isClockFirst]) => {
    const [day, time] = [date.join(separator), `${clock} ${offset}`];
    return isClockFirst ? `${time}|${day}` : `${day}|${time}`;
  });

const moments = fc.tuple(
  fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  fc.constantFrom(utc, fixedZone("", 3600), fixedZone("", -12_600), fixedZone("", 49_500), fixedZone("", -39_600)),
);

describe("a layout", () => {
  it("that says all of a moment reads back what it writes", () => {
    fc.assert(
      fc.property(moments, layouts, ([nanoseconds, zone], layout) => {
        const text = formatTime({ nanoseconds, zone }, layout);
        assert.equal(parseTime(layout, text).nanoseconds, nanoseconds, `${layout}: ${text}`);
      }),
      { numRuns: 800 },
    );
  });

  it("writes the same of what it has read, for names with a zone", () => {
    const named = fc.constantFrom(
      "Mon, 02 Jan 2006 15:04:05 MST",
      "Monday, 02-Jan-06 15:04:05 MST",
      "Jan _2 2006 3:04PM MST",
    );
    fc.assert(
      fc.property(
        moments,
        fc.constantFrom("CET", "EST", "UTC", "CEST", "WITA", "GMT+3"),
        named,
        ([nanoseconds], name, layout) => {
          const written = formatTime({ nanoseconds, zone: name === "UTC" ? utc : fixedZone(name, 0) }, layout);
          const read = parseTime(layout, written);
          // The short year knows 1969 to 2068 alone.
          if (layout.includes("-06") && (nanoseconds < 0n || nanoseconds > 3_000_000_000_000_000_000n)) return;
          // `GMT+3` says its offset, so that the time that is written is another moment.
          assert.equal(formatTime(read, layout), written);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("reads any text or says why not, whatever it is itself", () => {
    const words =
      "2006 06 01 1 Jan January 02 2 _2 002 __2 Mon Monday 15 03 3 04 4 05 5 PM pm MST Z0700 Z07:00 -07 -07:00:00 .0 .000 .999 ,9 _2006 é 20060102 Janus 0 00 000".split(
        " ",
      );
    const soup = fc
      .array(fc.oneof(fc.constantFrom(...words), separators), { maxLength: 8 })
      .map((parts) => parts.join(""));
    const subjects = fc.oneof(
      soup,
      fc.string({ unit: fc.nat(0xd7ff).map((code) => String.fromCharCode(code)), maxLength: 20 }),
      fc.tuple(moments, soup).map(([[nanoseconds, zone], layout]) => formatTime({ nanoseconds, zone }, layout)),
    );
    fc.assert(
      fc.property(soup, subjects, (layout, text) => {
        try {
          assert.equal(typeof parseTime(layout, text).nanoseconds, "bigint");
        } catch (failure) {
          if (!(failure instanceof BuiltinFailure)) throw failure;
          assert.match(failure.message, /^parsing time "/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a duration", () => {
  it("is the sum of its parts, or is refused", () => {
    const units = {
      ns: 1n,
      us: 1000n,
      ms: 1_000_000n,
      s: 1_000_000_000n,
      m: 60_000_000_000n,
      h: 3_600_000_000_000n,
      d: 86_400_000_000_000n,
    };
    const parts = fc.array(fc.tuple(fc.nat(999), fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]))), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(parts, fc.constantFrom("", "-", "+"), (given, sign) => {
        const total = given.reduce((sum, [count, unit]) => sum + BigInt(count) * units[unit], 0n);
        const text = sign + given.map(([count, unit]) => `${count}${unit}`).join("");
        assert.equal(parseDuration(text), sign === "-" ? -total : total);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("0123.-+ns umhdwyµé")), maxLength: 12 }), (text) => {
        try {
          assert.equal(typeof parseDuration(text), "bigint");
        } catch (failure) {
          if (!(failure instanceof BuiltinFailure)) throw failure;
          assert.match(failure.message, /^time: /);
        }
      }),
      { numRuns: 500 },
    );
  });
});
