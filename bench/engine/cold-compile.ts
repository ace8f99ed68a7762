/** 500 templates, each another text, compiled in a fresh process. Prints milliseconds and MiB; run by `compile.ts`. */
import { librarySamples, policyOf, seedSamples } from "./samples.ts";

const samples = [...librarySamples(), ...seedSamples()];
const texts = new Map(samples.map((sample) => [sample.modules.join(""), sample]));
const distinct = [...texts.values()];
const policies: unknown[] = [];
const begin = performance.now();
for (let index = 0; index < 500; index += 1) {
  const sample = distinct[index % distinct.length];
  if (sample === undefined) throw new Error("there are no templates");
  const modules = sample.modules.map((text, at) => (at === 0 ? `${text}\n# ${index}\n` : text));
  policies.push(await policyOf({ ...sample, modules }));
}
const milliseconds = performance.now() - begin;
const mebibytes = process.memoryUsage.rss() / 2 ** 20;
process.stdout.write(
  JSON.stringify({ milliseconds, mebibytes, peak: process.resourceUsage().maxRSS / 1024, count: policies.length }),
);
