/** Runs suites beside one another where they mostly wait, and by themselves where they hold times. */

/** One suite, which is one file and one process. */
export interface Suite {
  readonly file: string;
  /** It holds how long something takes, or what happens while something takes long: nothing runs beside it. */
  readonly isAlone: boolean;
}

/** What came of a suite. */
export interface SuiteEnd {
  readonly passed: boolean;
  /** All that it wrote; empty where that was shown while it was written. */
  readonly output: string;
}

/** How suites are to be run. */
export interface SuiteOptions {
  /** So many at once, but for those that are to be alone. */
  readonly lanes: number;
  /** What failed is run again, by itself; what failed first stays in the output. */
  readonly again: boolean;
  run(suite: Suite): Promise<SuiteEnd>;
  tell(text: string): void;
}

/** Runs suites, those to be alone after the others; whether all of them passed, or did when they were run again. */
export async function runSuites(suites: readonly Suite[], options: SuiteOptions): Promise<boolean> {
  const { lanes, again, run, tell } = options;
  const runAndTell = async (suite: Suite): Promise<boolean> => {
    const from = performance.now();
    const { passed, output } = await run(suite);
    const seconds = ((performance.now() - from) / 1000).toFixed(0);
    tell(`\n== ${suite.file} ${passed ? "passed" : "FAILED"} in ${seconds} s\n${output}`);
    return passed;
  };
  const failed: Suite[] = [];
  const work = async (queue: Suite[]): Promise<void> => {
    for (let suite = queue.shift(); suite !== undefined; suite = queue.shift()) {
      if (!(await runAndTell(suite))) failed.push(suite);
    }
  };
  const shared = suites.filter(({ isAlone }) => !isAlone);
  await Promise.all(Array.from({ length: lanes }, () => work(shared)));
  await work(suites.filter(({ isAlone }) => isAlone));

  const files = (which: readonly Suite[]): string => which.map(({ file }) => file).join(", ");
  if (failed.length === 0) tell(`\n${suites.length} suites passed\n`);
  else tell(`\n${failed.length} of ${suites.length} suites FAILED: ${files(failed)}\n`);
  if (failed.length === 0 || !again) return failed.length === 0;

  tell("what failed is run again, by itself\n");
  const failedTwice: Suite[] = [];
  for (const suite of failed) if (!(await runAndTell(suite))) failedTwice.push(suite);
  tell(
    failedTwice.length === 0
      ? `\nFAILED first, and passed when run again: ${files(failed)}\n`
      : `\nFAILED twice: ${files(failedTwice)}\n`,
  );
  return failedTwice.length === 0;
}
