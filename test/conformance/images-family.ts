import type { Family } from "./case.ts";

/** Image references: nothing reads them yet. */
export const imagesFamily: Family = { folder: "images" };
