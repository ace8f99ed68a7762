/** `/healthz` and `/readyz` as controller-runtime serves them, except that a failed check says what it waits for. */
import { servePlain, type PlainAnswer, type PlainServer } from "../plain-server.ts";

/** Something that must be well. */
export interface HealthCheck {
  readonly name: string;
  /** What is wrong, one line each; nothing where all is well. */
  failing(): Promise<readonly string[]>;
}

/** The checks of each endpoint, in no order. */
export interface HealthServerOptions {
  readonly live: readonly HealthCheck[];
  readonly ready: readonly HealthCheck[];
}

/** Serves the checks, all at `/readyz`, one at `/readyz/NAME`. */
export function serveHealth(
  { live, ready }: HealthServerOptions,
  address: { readonly host: string; readonly port: number },
): Promise<PlainServer> {
  const endpoints = new Map([
    ["healthz", live],
    ["readyz", ready],
  ]);
  return servePlain(address, async (url) => {
    const [, endpoint = "", name = "", ...more] = url.pathname.split("/");
    const checks = endpoints.get(endpoint);
    if (checks === undefined || more.length > 0) return undefined;
    if (name === "") return aggregated(endpoint, checks, url.searchParams);
    const check = checks.find((candidate) => candidate.name === name);
    if (check === undefined) return undefined;
    const problems = await check.failing();
    return problems.length === 0 ? text(200, "ok") : text(500, `internal server error: ${problems.join("\n")}\n`);
  });
}

async function aggregated(
  endpoint: string,
  checks: readonly HealthCheck[],
  query: URLSearchParams,
): Promise<PlainAnswer> {
  const excluded = new Set(query.getAll("exclude").flatMap((names) => names.split(",")));
  const sorted = checks.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const lines: string[] = [];
  let isWell = true;
  for (const check of sorted) {
    if (excluded.delete(check.name)) {
      lines.push(`[+]${check.name} excluded: ok`);
      continue;
    }
    const problems = await check.failing();
    if (problems.length === 0) {
      lines.push(`[+]${check.name} ok`);
      continue;
    }
    isWell = false;
    lines.push(`[-]${check.name} failed: ${problems[0]}`, ...problems.slice(1).map((problem) => `    ${problem}`));
  }
  if (isWell && !query.has("verbose")) return text(200, "ok");
  if (excluded.size > 0) {
    const names = [...excluded].map((name) => JSON.stringify(name)).join(",");
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`);
  }
  lines.push(isWell ? `${endpoint} check passed` : `${endpoint} check failed`);
  return text(isWell ? 200 : 500, `${lines.join("\n")}\n`);
}

function text(status: number, body: string): PlainAnswer {
  return { status, contentType: "text/plain; charset=utf-8", text: body };
}
