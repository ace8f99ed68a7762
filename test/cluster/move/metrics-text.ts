/** Metrics in Prometheus' text. */

/** What is told under one name. */
export interface Family {
  readonly help: string;
  readonly type: string;
  /** By the name and the labels of each, in one order. */
  readonly series: ReadonlyMap<string, string>;
}

/** The families of a text whose names begin so. */
export function readFamilies(text: string, prefix: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { help: string; type: string; series: Map<string, string> }>();
  let current = "";
  const family = (name: string): { help: string; type: string; series: Map<string, string> } => {
    const found = families.get(name) ?? { help: "", type: "", series: new Map<string, string>() };
    families.set(name, found);
    return found;
  };
  for (const line of text.split("\n")) {
    const told = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (told !== null) {
      const [, what, name = "", value = ""] = told;
      if (!name.startsWith(prefix)) {
        current = "";
        continue;
      }
      current = name;
      if (what === "HELP") family(name).help = value;
      else family(name).type = value;
      continue;
    }
    const sample = /^([a-z_:]+)(?:\{([^}]*)\})? (\S+)/i.exec(line);
    if (sample === null || current === "") continue;
    const [, name = "", labels = "", value = ""] = sample;
    const ordered = [...labels.matchAll(/\w+="[^"]*"/g)].map(([label]) => label).toSorted();
    family(current).series.set(`${name}{${ordered.join()}}`, value);
  }
  return families;
}
