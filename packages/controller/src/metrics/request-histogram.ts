/**
 * A histogram by one label that costs next to nothing to fill: the webhook fills it with every answer. Prometheus' client
 * works out its labels anew for each value; here they are worked out when somebody reads them.
 */
export interface RequestHistogram {
  readonly name: string;
  observe(label: string, value: number): void;
  /** What a registry asks a metric for. */
  get(): Promise<HistogramReading>;
}

/** A histogram as Prometheus' client hands it to whoever writes it out. */
export interface HistogramReading {
  readonly name: string;
  readonly help: string;
  readonly type: "histogram";
  readonly aggregator: "sum";
  readonly values: readonly {
    readonly metricName: string;
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
  }[];
}

interface Series {
  /** Values by the first bucket that holds them; the last is for those beyond all. */
  readonly counts: Float64Array;
  sum: number;
}

/** Makes an empty one. */
export function requestHistogram(options: {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** Upper bounds, from small to large. */
  readonly buckets: readonly number[];
}): RequestHistogram {
  const { name, help, label, buckets } = options;
  const all = new Map<string, Series>();
  return {
    name,
    observe(of, value) {
      let series = all.get(of);
      if (series === undefined) all.set(of, (series = { counts: new Float64Array(buckets.length + 1), sum: 0 }));
      // Most values are in the first few buckets.
      let bucket = 0;
      while (bucket < buckets.length && value > (buckets[bucket] ?? 0)) bucket += 1;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.sum += value;
    },
    get() {
      const values = [...all].flatMap(([of, { counts, sum }]) => {
        const labels = { [label]: of };
        let total = 0;
        const bounds = [...buckets, "+Inf"].map((le, at) => {
          total += counts[at] ?? 0;
          return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total };
        });
        return [
          ...bounds,
          { metricName: `${name}_sum`, labels, value: sum },
          { metricName: `${name}_count`, labels, value: total },
        ];
      });
      return Promise.resolve({ name, help, type: "histogram", aggregator: "sum", values });
    },
  };
}
