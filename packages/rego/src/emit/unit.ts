/** What one generated module shares: its names, its constants, and which functions of ours it calls. */
import type { Callee, Goal, Plan } from "../plan/plan.ts";
import type { Shapes } from "../plan/shapes.ts";
import type { Term } from "../syntax/ast.ts";
import type { Span } from "../source.ts";
import { type Code, identifier, js } from "./fragment.ts";
import { Names } from "./names.ts";
import { constantKey, emitConstant, isLiteral } from "./constant.ts";
import type { RuntimeName } from "./runtime-names.ts";

/** How a module is written. */
export interface UnitOptions {
  readonly plain: boolean;
  readonly exhaustive: boolean;
  readonly listed: ReadonlySet<string>;
  readonly sharedCalls: ReadonlyMap<Goal, string>;
}

/** A module while it is being written. */
export class Unit {
  readonly names: Names = new Names();
  /** Whether input and base data are known to be plain JSON. */
  readonly plain: boolean;
  /** Whether all bodies of a rule run, though the first that holds would do. */
  readonly exhaustive: boolean;
  readonly plan: Plan;
  readonly #runtime = new Set<RuntimeName>();
  readonly #builtins = new Map<string, Code>();
  readonly #called = new Set<string>();
  readonly #functions = new Map<string, Code>();
  readonly #constants = new Map<string, { readonly name: Code; readonly value: Code }>();
  readonly #spans: Span[] = [];
  /** The numbers of the spans by where they start. */
  readonly #places = new Map<Span["source"], Map<number, number[]>>();
  readonly #extra: string[] = [];
  readonly #used = new Set<string>();
  readonly #slots = new Map<string, Slot>();
  readonly #children = new Map<string, Child>();
  /** How many keys may be asked for of each group. */
  readonly #selections: ReadonlyMap<string, ReadonlySet<number>>;

  readonly shapes: Shapes;
  /** The groups whose elements may be gone through as a list: see `listedGroups`. */
  readonly listed: ReadonlySet<string>;
  /** The calls whose answers are kept for others like them: see `sharedCalls`. */
  readonly sharedCalls: ReadonlyMap<Goal, string>;

  constructor(
    plan: Plan,
    { plain, exhaustive, listed, sharedCalls }: UnitOptions,
    shapes: Shapes,
    runtimeNames: readonly RuntimeName[],
  ) {
    this.plan = plan;
    this.plain = plain;
    this.exhaustive = exhaustive;
    this.shapes = shapes;
    this.listed = listed;
    this.sharedCalls = sharedCalls;
    this.#selections = new Map(
      plan.groups.flatMap((group) =>
        "selections" in group ? [[group.id, new Set(group.selections.map(({ params }) => params.length))]] : [],
      ),
    );
    for (const name of runtimeNames) this.names.reserve(name);
  }

  /** A function of the runtime. */
  runtime(name: RuntimeName): Code {
    this.#runtime.add(name);
    return identifier(name);
  }

  get runtimeUsed(): readonly RuntimeName[] {
    return [...this.#runtime].toSorted();
  }

  /** Gives a builtin its name, before the first function is written, so that locals cannot hide it. */
  nameBuiltin(name: string): Code {
    const known = this.#builtins.get(name);
    if (known !== undefined) return known;
    const fresh = this.names.fresh(name.replaceAll(".", "_"));
    this.#builtins.set(name, fresh);
    return fresh;
  }

  /** A builtin where it is called. */
  builtin(name: string): Code {
    this.#called.add(name);
    return this.nameBuiltin(name);
  }

  /** The builtins that are called, with their names in the code. */
  get builtinsUsed(): readonly (readonly [name: string, code: Code])[] {
    return [...this.#builtins].filter(([name]) => this.#called.has(name));
  }

  /** The function of a group, an interior or an entry, by its id. */
  function(id: string, hint: string): Code {
    const known = this.#functions.get(id);
    if (known !== undefined) return known;
    const fresh = this.names.fresh(hint);
    this.#functions.set(id, fresh);
    return fresh;
  }

  /** The function of a callee. */
  callee(callee: Callee): Code {
    return callee.kind === "builtin" ? this.builtin(callee.name) : this.group(callee.group);
  }

  /** The function of a group, by the last name of its path. */
  group(id: string): Code {
    return this.function(id, pathOf(id).at(-1) ?? "data");
  }

  /** The same, for a caller of it. */
  document(id: string): Code {
    return this.use(id, this.group(id));
  }

  /** The most keys that a group may be asked for at once, of so many. */
  keysAsked(id: string, most: number): number {
    return Math.max(0, ...[...(this.#selections.get(id) ?? [])].filter((keys) => keys <= most));
  }

  /** The function of what a group has at so many keys, for a caller; undefined where that is no more than looking it up. */
  entry(id: string, keys: number): Code | undefined {
    if (this.#selections.get(id)?.has(keys) !== true) return undefined;
    return this.use(entryId(id, keys), this.function(entryId(id, keys), "entry"));
  }

  /** The function of a set's elements as a list in which one may be twice, for a caller; undefined where that is no gain. */
  occurrences(id: string): Code | undefined {
    if (!this.listed.has(id)) return undefined;
    return this.use(`each:${id}`, this.function(`each:${id}`, "each"));
  }

  /** The function of an interior, by its whole path. */
  interior(id: string): Code {
    return this.function(id, ["data", ...pathOf(id)].join("_"));
  }

  /** The same, for a caller of it: what nobody calls is not written. */
  use(id: string, code: Code): Code {
    this.#used.add(id);
    return code;
  }

  isUsed(id: string): boolean {
    return this.#used.has(id);
  }

  /** The memo slot of a group. */
  slot(id: string, name: Code = this.group(id)): Code {
    this.#slots.set(name.text, { group: id, name });
    return name;
  }

  /** The slots, with the ids of their groups. */
  get slots(): readonly Slot[] {
    return [...this.#slots.values()];
  }

  /** A ground term as an expression: a literal where that is one, else a constant of the module. */
  constant(term: Term): Code {
    if (isLiteral(term)) return emitConstant(this, term);
    const key = constantKey(term);
    const known = this.#constants.get(key);
    if (known !== undefined) return known.name;
    const value = emitConstant(this, term);
    const name = identifier(`CONSTANT_${this.#constants.size + 1}`);
    this.#constants.set(key, { name, value });
    return name;
  }

  /** A list of strings or other code as a constant of the module. */
  hoist(value: Code): Code {
    const known = this.#constants.get(value.text);
    if (known !== undefined) return known.name;
    const name = identifier(`CONSTANT_${this.#constants.size + 1}`);
    this.#constants.set(value.text, { name, value });
    return name;
  }

  get constants(): readonly Code[] {
    return [...this.#constants.values()].map(({ name, value }) => js`const ${name} = ${value};`);
  }

  /** A function beside those of the plan. */
  addFunction(text: string): void {
    this.#extra.push(text);
  }

  get extraFunctions(): readonly string[] {
    return this.#extra;
  }

  /** The number of a place in the policy's text, for errors. */
  span(span: Span): number {
    const starts = this.#places.get(span.source) ?? new Map<number, number[]>();
    this.#places.set(span.source, starts);
    const there = starts.get(span.start) ?? [];
    starts.set(span.start, there);
    const found = there.find((at) => this.#spans[at]?.end === span.end);
    if (found !== undefined) return found;
    there.push(this.#spans.length);
    this.#spans.push(span);
    return this.#spans.length - 1;
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** The function that reads `node[key].suffix`. */
  child(node: string, suffix: readonly string[]): Code {
    const key = JSON.stringify([node, suffix]);
    const known = this.#children.get(key);
    if (known !== undefined) return known.name;
    const name = this.names.fresh(["child", ...pathOf(node), ...suffix].join("_"));
    this.#children.set(key, { name, node, suffix });
    return name;
  }

  get children(): readonly Child[] {
    return [...this.#children.values()];
  }
}

/** Where a memo keeps something of a group. */
export interface Slot {
  readonly group: string;
  readonly name: Code;
}

/** A function for `node[key].suffix`. */
export interface Child {
  readonly name: Code;
  readonly node: string;
  readonly suffix: readonly string[];
}

/** The id of the function of what a group has at so many keys. */
export function entryId(id: string, keys: number): string {
  return `entry:${keys}:${id}`;
}

/** The path below `data` that an id stands for. */
export function pathOf(id: string): readonly string[] {
  // as: the id of a group or an interior is its path as JSON text
  return JSON.parse(id) as string[];
}
