import type { Family } from "./case.ts";

/** The policy library's suites. */
export const libraryFamily: Family = { folder: "gatekeeper-library" };
