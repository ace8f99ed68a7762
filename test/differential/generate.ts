/** Random programs that mostly compile: rules of every kind over a small input and base data, from a seed. */

import { inputNames } from "./documents.ts";
import { randomCall } from "./generate-call.ts";
import { Random } from "./random.ts";
import { usedOnly } from "./used-only.ts";

/** `low` rules stand below a name where base data are too. */
type Kind = "complete" | "set" | "object" | "function" | "deep" | "low";

interface Rule {
  readonly name: string;
  readonly kind: Kind;
  readonly arity: number;
}

interface Scope {
  readonly bound: string[];
}

/** One program: the text of a module `test`, and the path below `data` that is asked for. */
export interface Program {
  readonly text: string;
  readonly path: readonly string[];
}

/** The program of a seed. */
export function program(seed: number): Program {
  return new Generator(new Random(seed)).program();
}

class Generator {
  readonly #random: Random;
  readonly #rules: Rule[] = [];
  #names = 0;
  /** Whether `not` bodies, `and` and `or` may be written. */
  #logical = false;

  constructor(random: Random) {
    this.#random = random;
  }

  program(): Program {
    const text = this.#module();
    const rule = this.#random.pick(this.#rules);
    const isAsked = rule.kind !== "function" && rule.kind !== "low" && this.#random.chance(50);
    if (!isAsked) return { text, path: ["test"] };
    const keys = rule.kind === "complete" ? [] : ["a", "b", "k", "x"].filter(() => this.#random.chance(30)).slice(0, 2);
    return { text, path: ["test", rule.name, ...keys] };
  }

  #module(): string {
    const lines = ["package test", ""];
    if (this.#random.chance(25)) {
      this.#logical = true;
      lines.push("import rego.v2", "");
    }
    const count = 2 + this.#random.below(5);
    for (let at = 0; at < count; at += 1) lines.push(this.#rule(`r${at}`), "");
    return lines.join("\n");
  }

  #rule(name: string): string {
    const kind = this.#random.pick<Kind>([
      "complete",
      "complete",
      "complete",
      "set",
      "set",
      "object",
      "object",
      "function",
      "function",
      "deep",
      "low",
    ]);
    const arity = 1 + this.#random.below(2);
    const bodies = 1 + this.#random.below(3);
    const lines: string[] = [];
    if ((kind === "complete" || kind === "function") && this.#random.chance(25)) {
      const args = kind === "function" ? `(${Array.from({ length: arity }, (_, at) => `p${at}`).join(", ")})` : "";
      lines.push(`default ${name}${args} := ${this.#literal(1)}`);
    }
    for (let at = 0; at < bodies; at += 1) lines.push(usedOnly(this.#definition(name, kind, arity)));
    this.#rules.push({ name: kind === "low" ? "data.test.low" : name, kind, arity });
    return lines.join("\n");
  }

  #definition(name: string, kind: Kind, arity: number): string {
    const scope: Scope = { bound: [] };
    switch (kind) {
      case "complete": {
        const body = this.#body(scope, 3);
        const constant = this.#random.chance(30) ? this.#random.pick(["1", '"a"', "false"]) : undefined;
        const value = this.#random.chance(30) ? "" : ` := ${constant ?? this.#term(scope, 2)}`;
        return `${name}${value} if {\n${body}\n}${this.#elses()}`;
      }
      case "set": {
        const body = this.#body(scope, 3);
        return `${name} contains ${this.#term(scope, 2)} if {\n${body}\n}`;
      }
      case "object": {
        const body = this.#body(scope, 3);
        return `${name}[${this.#key(scope)}] := ${this.#term(scope, 2)} if {\n${body}\n}`;
      }
      case "deep": {
        const body = this.#body(scope, 3);
        const key = this.#key(scope);
        return this.#random.chance(50)
          ? `${name}.k[${key}] := ${this.#term(scope, 1)} if {\n${body}\n}`
          : `${name}[${key}][${this.#key(scope)}] contains ${this.#term(scope, 1)} if {\n${body}\n}`;
      }
      case "low": {
        const body = this.#body(scope, 2);
        const at = this.#random.pick([`low.${name}`, `low.m.${name}`]);
        return this.#random.chance(50)
          ? `${at} := ${this.#term(scope, 1)} if {\n${body}\n}`
          : `${at} contains ${this.#term(scope, 1)} if {\n${body}\n}`;
      }
      case "function": {
        const args = Array.from({ length: arity }, () => this.#argument(scope));
        const body = this.#body(scope, 2);
        return `${name}(${args.join(", ")}) := ${this.#term(scope, 2)} if {\n${body}\n}${this.#elses()}`;
      }
    }
  }

  #elses(): string {
    let text = "";
    while (this.#random.chance(30)) {
      const scope: Scope = { bound: [] };
      const body = this.#body(scope, 2);
      text += ` else := ${this.#random.chance(40) ? this.#literalScalar() : this.#term(scope, 1)} if {\n${body}\n}`;
    }
    return text;
  }

  /** What OPA's rule index takes into account: a rule may be left out by it, and then nothing in it is an error. */
  #indexed(scope: Scope): string {
    const read = (): string =>
      scope.bound.length > 0 && this.#random.chance(25)
        ? this.#random.pick(scope.bound)
        : this.#random.pick([
            "input.n",
            "input.s",
            "input.a",
            "input.o.b",
            "input.long",
            "input.nope.x",
            "data.base.n",
          ]);
    const many = (): string =>
      this.#random.pick(["input.xs", "input.ss", "input.mixed", "data.base.map.b.tags", "input.s"]);
    const texts = (): string => this.#random.pick(['["a", "b"]', '{"c", "a/"}', '["z"]', '"a"', "[]"]);
    switch (this.#random.below(11)) {
      case 0:
        return `${read()} == ${this.#literalScalar()}`;
      case 1:
        return `${read()} == ${this.#literal(1)}`;
      case 2:
        return `${read()} in ${this.#random.pick(["[1, 2]", '{"a", "z"}', '{"k": 2}', "{[1], 3}", "[]", '["b", {}]'])}`;
      case 3:
        return `${this.#literalScalar()} in ${many()}`;
      case 4:
        return `${many()}[_] == ${this.#literalScalar()}`;
      case 5:
        return `${this.#random.pick(["startswith", "endswith"])}(${read()}, ${this.#random.pick(['"a"', '"b"', '"z"'])})`;
      case 6:
        return `strings.any_${this.#random.pick(["prefix", "suffix"])}_match(${read()}, ${texts()})`;
      case 7:
        return `glob.match(${this.#random.pick(['"a/*"', '"b*"', '"*/b.c,d  E"', '"b"', '"*"'])}, ${this.#random.pick(['["/"]', "[]", '["/", "."]'])}, ${read()})`;
      case 8:
        return `data.base.map[${read()}]`;
      case 9:
        return read();
      default:
        return `[${this.#literalScalar()}, _] = ${many()}`;
    }
  }

  #argument(scope: Scope): string {
    const choice = this.#random.below(10);
    if (choice === 0) return this.#literalScalar();
    if (choice === 1) {
      const [a, b] = [this.#fresh(), this.#fresh()];
      scope.bound.push(a, b);
      return `[${a}, ${b}]`;
    }
    const name = this.#fresh();
    scope.bound.push(name);
    return name;
  }

  #key(scope: Scope): string {
    return scope.bound.length > 0 && this.#random.chance(70) ? this.#random.pick(scope.bound) : this.#scalar();
  }

  #fresh(): string {
    this.#names += 1;
    return `v${this.#names}`;
  }

  #body(scope: Scope, size: number): string {
    const count = 1 + this.#random.below(size);
    return Array.from({ length: count }, () => `  ${this.#expression(scope, 2)}`).join("\n");
  }

  #expression(scope: Scope, depth: number): string {
    const choice = this.#random.below(100);
    if (choice < 16) {
      const collection = this.#collection(scope, depth);
      if (this.#random.chance(35)) {
        const [key, value] = [this.#fresh(), this.#fresh()];
        scope.bound.push(key, value);
        return `some ${key}, ${value} in ${collection}`;
      }
      const value = this.#fresh();
      scope.bound.push(value);
      return `some ${value} in ${collection}`;
    }
    if (choice < 32) {
      const term = this.#term(scope, depth);
      const name = this.#fresh();
      scope.bound.push(name);
      return `${name} := ${term}`;
    }
    if (choice < 40) {
      const reference = this.#iterated(scope);
      const name = this.#fresh();
      scope.bound.push(name);
      return `${name} ${this.#random.pick([":=", "="])} ${reference}`;
    }
    if (choice < 46) {
      const term = this.#pairLike(scope, depth);
      const [a, b] = [this.#fresh(), this.#fresh()];
      scope.bound.push(a, b);
      return `[${a}, ${b}] ${this.#random.pick([":=", "="])} ${term}`;
    }
    if (choice < 66) {
      const operator = this.#random.pick(["==", "==", "==", "!=", "<", "<=", ">", ">=", "="]);
      return `${this.#term(scope, depth)} ${operator} ${this.#dynamic(scope)}`;
    }
    if (choice < 74) return `${this.#term(scope, depth - 1)} in ${this.#collection(scope, depth)}`;
    if (choice < 78) return `not ${this.#simple(scope, depth)}`;
    if (choice < 82) return this.#indexed(scope);
    if (choice < 87 && depth > 0) {
      const collection = this.#collection(scope, depth);
      const value = this.#fresh();
      const inner: Scope = { bound: [...scope.bound, value] };
      return `every ${value} in ${collection} { ${this.#simple(inner, depth - 1)} }`;
    }
    if (choice < 92) return this.#with(scope, depth);
    if (choice < 95 && depth > 0) return this.#pattern(scope);
    if (choice < 98 && this.#logical && depth > 0) return this.#connected(scope, depth - 1);
    return this.#term(scope, depth);
  }

  /** A `some` that takes its elements apart, or goes over keys and values of an `every`. */
  #pattern(scope: Scope): string {
    const collection = this.#random.pick(["input.objs", "input.m", "data.base.rows", "data.base.map", "input.mixed"]);
    if (this.#random.chance(40)) {
      const [key, value] = [this.#fresh(), this.#fresh()];
      const inner: Scope = { bound: [...scope.bound, key, value] };
      return `every ${key}, ${value} in ${collection} { ${this.#simple(inner, 1)}; ${key} == ${value} == false }`.replace(
        `${key} == ${value} == false`,
        `[${key}, ${value}] != ${this.#dynamic(scope)}`,
      );
    }
    const name = this.#fresh();
    scope.bound.push(name);
    return this.#random.pick([
      `some {"id": ${name}} in [x | some y in ${collection}; x := object.filter(y, ["id"])]`,
      `some _, {"k": "a", "id": ${name}} in ${collection}`,
      `some [_, ${name}] in [[1, input.n], [2, input.s]]`,
      `[${name}, _] = [${this.#dynamic(scope)}, input.z]`,
      `{"a": ${name}, "b": _} = {"a": ${this.#dynamic(scope)}, "b": 1}`,
    ]);
  }

  #connected(scope: Scope, depth: number): string {
    const part = (): string => {
      const choice = this.#random.below(6);
      if (choice >= 4) return this.#indexed(scope);
      if (choice === 0) return `not ${this.#simple(scope, depth)}`;
      if (choice === 1) {
        const inner: Scope = { bound: [...scope.bound] };
        return `not { ${this.#expression(inner, depth)}; ${this.#simple(inner, depth)} }`;
      }
      return this.#simple(scope, depth);
    };
    return this.#random.chance(40) ? part() : `${part()} ${this.#random.pick(["and", "or"])} ${part()}`;
  }

  #simple(scope: Scope, depth: number): string {
    const choice = this.#random.below(4);
    if (choice === 0) return this.#term(scope, depth);
    if (choice === 1) return `${this.#term(scope, depth - 1)} in ${this.#collection(scope, depth - 1)}`;
    return `${this.#term(scope, depth - 1)} ${this.#random.pick(["==", "!=", "<", ">"])} ${this.#dynamic(scope)}`;
  }

  #with(scope: Scope, depth: number): string {
    const target = this.#random.pick([
      "input",
      "input.n",
      "input.o.b",
      "input.new.x",
      "data.base",
      "data.base.n",
      "data.extra.deep",
      ...this.#rules
        .filter((rule) => rule.kind !== "function" && rule.kind !== "low")
        .map((rule) => `data.test.${rule.name}`),
      "count",
      "startswith",
      "object.get",
      ...this.#rules.filter((rule) => rule.kind === "function").map((rule) => rule.name),
    ]);
    const value = this.#term(scope, 1);
    if (this.#random.chance(50)) {
      const term = this.#term(scope, depth - 1);
      const name = this.#fresh();
      scope.bound.push(name);
      return `${name} := ${term} with ${target} as ${value}`;
    }
    return `${this.#simple(scope, depth - 1)} with ${target} as ${value}`;
  }

  /** Something of no known type, or a variable. */
  #dynamic(scope: Scope): string {
    if (scope.bound.length > 0 && this.#random.chance(35)) return this.#random.pick(scope.bound);
    if (this.#random.chance(10)) return this.#term(scope, 1);
    return `input.${this.#random.pick(["zero", "one", "n", "half", "a", "s", "t", "f", "z", "xs", "ss", "o.b", "objs[0].k", "nope"])}`;
  }

  #pairLike(scope: Scope, depth: number): string {
    return this.#random.chance(60)
      ? `[${this.#term(scope, depth - 1)}, ${this.#term(scope, depth - 1)}]`
      : this.#random.pick(["input.o.b.c", "input.xs", "data.base.map.b.tags"]);
  }

  #iterated(scope: Scope): string {
    const index = (): string => {
      const choice = this.#random.below(4);
      if (choice === 0) return "_";
      if (choice === 1 && scope.bound.length > 0) return this.#random.pick(scope.bound);
      if (choice === 2) return this.#scalar();
      const name = this.#fresh();
      scope.bound.push(name);
      return `${name}`;
    };
    const choice = this.#random.below(8 + this.#rules.length);
    const rule = this.#rules[choice - 8];
    if (rule !== undefined && rule.kind !== "function") {
      const key = (): string => (this.#random.chance(25) ? this.#random.pick(['"a"', '"k"', '"b"', "1"]) : index());
      return rule.kind === "deep" ? `${rule.name}[${key()}][${key()}]` : `${rule.name}[${key()}]`;
    }
    switch (choice % 8) {
      case 0:
        return `input.xs[${index()}]`;
      case 1:
        return `input.objs[${index()}].k`;
      case 2:
        return `input.m[${index()}].v`;
      case 3:
        return `data.base.rows[${index()}].id`;
      case 4:
        return `data.base.map[${index()}].tags[${index()}]`;
      case 5:
        return `input.o[${index()}]`;
      case 6:
        return `data.base[${index()}]`;
      default:
        return `input.objs[${index()}][${index()}]`;
    }
  }

  #collection(scope: Scope, depth: number): string {
    const choice = this.#random.below(10);
    if (choice < 5) {
      return this.#random.pick([
        "input.xs",
        "input.ss",
        "input.o",
        "input.objs",
        "input.m",
        "data.base.rows",
        "data.base.map",
        "input.nope",
        "input.n",
      ]);
    }
    const rules = this.#rules.filter((rule) => rule.kind !== "function");
    if (choice < 7 && rules.length > 0) return this.#random.pick(rules).name;
    if (choice < 8 && depth > 0) return this.#comprehension(scope, depth - 1);
    return this.#literal(2);
  }

  #comprehension(scope: Scope, depth: number): string {
    const inner: Scope = { bound: [...scope.bound] };
    const body = Array.from({ length: 1 + this.#random.below(2) }, () => this.#expression(inner, depth)).join("; ");
    const head = this.#term(inner, depth);
    switch (this.#random.below(3)) {
      case 0:
        return `[${head} | ${body}]`;
      case 1:
        return `{${head} | ${body}}`;
      default:
        return `{${this.#key(inner)}: ${head} | ${body}}`;
    }
  }

  /** Mostly a part of the input, of which no type is known: literals make most programs type errors. */
  #scalar(): string {
    if (this.#random.chance(15)) return this.#literalScalar();
    if (this.#random.chance(15)) return `input.${this.#random.pick(inputNames)}`;
    return `input.${this.#random.pick(["zero", "one", "n", "half", "a", "s", "t", "f", "z"])}`;
  }

  #literalScalar(): string {
    return this.#random.pick(["0", "1", "2", "1.0", "1.5", '"a"', '"b"', '"c"', "true", "false", "null"]);
  }

  #literal(depth: number): string {
    const choice = this.#random.below(7);
    if (depth <= 0 || choice < 3) return this.#literalScalar();
    const items = Array.from({ length: this.#random.below(4) }, () => this.#literal(depth - 1));
    if (choice < 5) return `[${items.join(", ")}]`;
    if (choice === 5) return items.length === 0 ? "set()" : `{${items.join(", ")}}`;
    return `{${items.map((item, at) => `"${"abcd".charAt(at)}": ${item}`).join(", ")}}`;
  }

  #term(scope: Scope, depth: number): string {
    const choice = this.#random.below(100);
    if (scope.bound.length > 0 && choice < 38) return this.#random.pick(scope.bound);
    if (depth <= 0 || choice < 48) return this.#scalar();
    if (choice < 58) {
      return this.#random.pick([
        "input.n",
        "input.s",
        "input.t",
        "input.f",
        "input.z",
        "input.o.a",
        "input.o.e",
        "input.o.b.c[0]",
        "input.nope",
        "data.base.n",
        "data.test.stored",
        "input.objs[0].k",
        "input.m.a.v",
      ]);
    }
    if (choice < 66 && this.#rules.length > 0) {
      const rule = this.#random.pick(this.#rules);
      if (rule.kind !== "function") return rule.name;
      return `${rule.name}(${Array.from({ length: rule.arity }, () => this.#term(scope, depth - 1)).join(", ")})`;
    }
    if (choice < 76) return this.#call(scope, depth - 1);
    if (choice < 83) return this.#comprehension(scope, depth - 1);
    if (choice < 86) return this.#template(scope);
    if (choice < 92) {
      const items = Array.from({ length: 1 + this.#random.below(2) }, () => this.#term(scope, depth - 1));
      if (this.#random.chance(50)) return `[${items.join(", ")}]`;
      return this.#random.chance(50)
        ? `{${items.join(", ")}}`
        : `{${items.map((item, at) => `"${"ab".charAt(at)}": ${item}`).join(", ")}}`;
    }
    return this.#literal(2);
  }

  #template(scope: Scope): string {
    const parts = Array.from({ length: 1 + this.#random.below(3) }, () =>
      this.#random.pick(["x", "\\{", "é", `{${this.#dynamic(scope)}}`, `{input.${this.#random.pick(inputNames)}}`]),
    );
    return `$"${parts.join("-")}"`;
  }

  #call(scope: Scope, depth: number): string {
    const a = (): string => this.#dynamic(scope);
    if (this.#random.chance(50)) return randomCall(this.#random, () => this.#term(scope, depth));
    switch (this.#random.below(12)) {
      case 0:
        return `count(${this.#collection(scope, depth)})`;
      case 1:
        return `(${a()} + ${a()})`;
      case 2:
        return `object.get(${this.#random.pick(["input.o", "input.m", "data.base.map"])}, ${a()}, ${a()})`;
      case 3:
        return `sprintf("%v-%v", [${a()}, ${a()}])`;
      case 4:
        return `array.concat(${this.#random.pick(["input.xs", "input.ss", "[1]"])}, [${a()}])`;
      case 5:
        return `is_string(${a()})`;
      case 6:
        return `type_name(${a()})`;
      case 7:
        return `sort(${this.#collection(scope, depth)})`;
      case 8:
        return `concat(",", ${this.#random.pick(["input.ss", '["x"]', '{"q", "p"}'])})`;
      case 9:
        return `max(${this.#collection(scope, depth)})`;
      case 10:
        return `json.marshal(${a()})`;
      default:
        return `startswith(${a()}, ${a()})`;
    }
  }
}
