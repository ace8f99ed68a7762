import { extname } from "node:path";

/**
 * The program of the thread that answers for the health: it lies beside this file in whatever form this one is, source or
 * compiled. In the bundle, which is one file, the program itself stands here.
 */
export const threadProgram: URL = new URL(`health-thread${extname(import.meta.url)}`, import.meta.url);
