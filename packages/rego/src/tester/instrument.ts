/**
 * Policies that tell what they do: before and after each expression of a checked program stands a call of `probeName` with
 * the number of its site and the values of its variables. Policies in production have none of it and pay nothing.
 */
import { numbered, mapExpression, mapTerm, type Rewriter } from "../check/rewrite.ts";
import type { CheckedModule, CheckedQuery, CheckedRule, Program, RuleTree } from "../check/program.ts";
import { addExpression, headVariables, isGenerated, isWildcard, safetyVariables } from "../check/variables.ts";
import { walkExpression } from "../check/walk.ts";
import { textOf, type Span } from "../source.ts";
import type { Body, Expression, Rule, Term } from "../syntax/ast.ts";

/** The builtin that probes call: `(site, phase, values)`. */
export const probeName = "internal.probe";

/** What happens at a site: a body is entered or has a solution, its keys become known; an expression is tried or holds. */
export type Phase = "enter" | "exit" | "try" | "hold" | "key";

/** In the order of the numbers that stand for them. */
export const phases: readonly Phase[] = ["enter", "exit", "try", "hold", "key"];

/** A place that tells. */
export interface Site {
  /** A body of a rule as a whole, or one expression. */
  readonly kind: "rule" | "expression";
  readonly span: Span;
  /** The number of the body that an expression stands in; that of the rule's own body for a rule. */
  readonly body: number;
  /** The expression around the body, for bodies of comprehensions and the like. */
  readonly parent?: number;
  /** The rule's path below `data`, as it was written. */
  readonly path: readonly string[];
  readonly rule?: CheckedRule;
  /** What the values of each phase are the values of. */
  readonly names: readonly string[];
  /** The ground beginnings of what the expression reads below `data`. */
  readonly reads: readonly (readonly string[])[];
}

/** A program with probes in it. */
export interface Instrumented {
  readonly program: Program;
  readonly queries: ReadonlyMap<string, CheckedQuery>;
  readonly sites: readonly Site[];
}

/** Puts probes into a program and its queries. */
export function instrument(program: Program, queries: ReadonlyMap<string, CheckedQuery>): Instrumented {
  const writer = new ProbeWriter();
  const changed = new Map<CheckedRule, CheckedRule>();
  const modules = program.modules.map((module): CheckedModule => {
    const rules = module.rules.map((checked) => {
      const rule = { ...checked, rule: writer.rule(checked, checked.rule) };
      changed.set(checked, rule);
      return rule;
    });
    return { ...module, rules };
  });
  const tree = (node: RuleTree): RuleTree => ({
    rules: node.rules.map((rule) => changed.get(rule) ?? rule),
    children: new Map([...node.children].map(([name, child]) => [name, tree(child)])),
  });
  const asked = new Map([...queries].map(([name, query]) => [name, writer.query(query)]));
  return { program: { ...program, modules, tree: tree(program.tree) }, queries: asked, sites: writer.sites };
}

interface Frame {
  readonly body: number;
  readonly parent?: number;
  readonly path: readonly string[];
  /** Generated names to what people know them by. */
  readonly shown: Map<string, string>;
}

class ProbeWriter {
  readonly sites: Site[] = [];
  #bodies = 0;

  rule(checked: CheckedRule, rule: Rule): Rule {
    const { head } = rule;
    const bound = new Set(headVariablesOf(rule));
    const frame: Frame = { body: this.#nextBody(), path: checked.path, shown: new Map(checked.names) };
    const names = [...bound];
    const site = this.#add({
      kind: "rule",
      span: head.span,
      body: frame.body,
      path: checked.path,
      rule: checked,
      names: names.map((name) => frame.shown.get(name) ?? name),
      reads: [],
    });
    const inner = this.#body(rule.body, frame, bound, (known) => keyProbe(rule, site, known));
    const body = numbered([probe(head.span, site, "enter", names), ...inner, probe(head.span, site, "exit", names)]);
    return { ...rule, body, ...(rule.else === undefined ? {} : { else: this.rule(checked, rule.else) }) };
  }

  query(query: CheckedQuery): CheckedQuery {
    const frame: Frame = { body: this.#nextBody(), path: [], shown: new Map(query.variables) };
    return { ...query, body: numbered(this.#body(query.body, frame, new Set())) };
  }

  #nextBody(): number {
    this.#bodies += 1;
    return this.#bodies;
  }

  #add(site: Site): number {
    this.sites.push(site);
    return this.sites.length - 1;
  }

  #body(
    body: Body,
    frame: Frame,
    outer: ReadonlySet<string>,
    onceKnown?: (bound: ReadonlySet<string>) => Expression | undefined,
  ): readonly Expression[] {
    const bound = new Set(outer);
    const first = onceKnown?.(bound);
    let told = first !== undefined;
    const written = body.flatMap((expression) => {
      if (expression.kind === "some") return [expression];
      const names = variablesOf(expression);
      nameGenerated(expression, frame.shown);
      const before = names.filter((name) => bound.has(name) && isTold(name, frame));
      const at = this.#add({
        kind: "expression",
        span: expression.span,
        body: frame.body,
        ...(frame.parent === undefined ? {} : { parent: frame.parent }),
        path: frame.path,
        names: before.map((name) => frame.shown.get(name) ?? name),
        reads: readsOf(expression),
      });
      const inside = this.#inside(expression, frame, at, bound);
      if (!expression.negated && (expression.kind === "call" || expression.kind === "term")) {
        for (const name of names) bound.add(name);
      }
      const probed = [probe(expression.span, at, "try", before), inside, probe(expression.span, at, "hold", before)];
      const known = told ? undefined : onceKnown?.(bound);
      told ||= known !== undefined;
      return known === undefined ? probed : [...probed, known];
    });
    return first === undefined ? written : [first, ...written];
  }

  /** The bodies within an expression. */
  #inside(expression: Expression, frame: Frame, parent: number, bound: ReadonlySet<string>): Expression {
    const own = new Set(bound);
    if (expression.kind === "every") {
      own.add(expression.value.name);
      if (expression.key !== undefined) own.add(expression.key.name);
    }
    const rewriter: Rewriter = {
      term: (term: Term): Term => mapTerm(term, rewriter),
      expression: (inner: Expression): Expression => mapExpression(inner, rewriter),
      body: (body: Body): Body => numbered(this.#body(body, { ...frame, body: this.#nextBody(), parent }, own)),
    };
    return mapExpression(expression, rewriter);
  }
}

function headVariablesOf(rule: Rule): readonly string[] {
  if (rule.head.args === undefined) return [];
  const inArgs: ReturnType<typeof headVariables> = new Map();
  for (const arg of rule.head.args) if (arg.kind === "var") inArgs.set(arg.name, undefined);
  return [...inArgs.keys()];
}

/** Tells the keys of an entry of a partial object, where all of them are known. */
function keyProbe(rule: Rule, site: number, bound: ReadonlySet<string>): Expression | undefined {
  const keys = rule.head.ref.terms.slice(1);
  const known = keys.every((key) => (key.kind === "var" ? bound.has(key.name) : isScalar(key)));
  return keys.length > 0 && known ? probeOf(rule.head.span, site, "key", keys) : undefined;
}

function isScalar({ kind }: Term): boolean {
  return kind === "string" || kind === "number" || kind === "boolean" || kind === "null";
}

function variablesOf(expression: Expression): readonly string[] {
  const found: ReturnType<typeof headVariables> = new Map();
  addExpression(expression, safetyVariables, found);
  return [...found.keys()].filter((name) => name !== "data" && name !== "input");
}

/** Whether people can make something of a variable: it was written, or stands for something that was. */
function isTold(name: string, { shown }: Frame): boolean {
  const text = shown.get(name) ?? name;
  return !isGenerated(text) && !isWildcard(text);
}

/** `__local3__ = input.x`: from here on the one is known by the text of the other. */
function nameGenerated(expression: Expression, shown: Map<string, string>): void {
  if (expression.kind !== "call" || expression.negated) return;
  const variable = expression.args.at(-1);
  const [first] = expression.args;
  const operator = expression.operator.terms[0];
  const isEquality = operator?.kind === "var" && operator.name === "eq";
  const name = isEquality && first?.kind === "var" ? first : variable;
  if (name?.kind !== "var" || !isGenerated(name.name) || shown.has(name.name)) return;
  const text = isEquality && name === first && variable !== undefined ? textOf(variable.span) : textOf(expression.span);
  if (text !== "") shown.set(name.name, text);
}

function readsOf(expression: Expression): readonly (readonly string[])[] {
  const reads: (readonly string[])[] = [];
  walkExpression(expression, {
    term: (term) => {
      const [root, ...rest] = term.kind === "ref" ? term.terms : [term];
      if (root?.kind === "var" && root.name === "data") {
        const end = rest.findIndex((part) => part.kind !== "string");
        const ground = end === -1 ? rest : rest.slice(0, end);
        reads.push(ground.flatMap((part) => (part.kind === "string" ? [part.value] : [])));
      }
      return false;
    },
  });
  if (expression.kind === "call") {
    const [root, ...rest] = expression.operator.terms;
    if (root?.kind === "var" && root.name === "data") {
      reads.push(rest.flatMap((part) => (part.kind === "string" ? [part.value] : [])));
    }
  }
  return reads;
}

function probe(span: Span, site: number, phase: Phase, names: readonly string[]): Expression {
  const values = names.map((name): Term => ({ kind: "var", name, span }));
  return probeOf(span, site, phase, values);
}

function probeOf(span: Span, site: number, phase: Phase, values: readonly Term[]): Expression {
  const operator = { kind: "ref" as const, terms: [{ kind: "var" as const, name: probeName, span }], span };
  const args: readonly Term[] = [
    { kind: "number", text: String(site), span },
    { kind: "number", text: String(phases.indexOf(phase)), span },
    { kind: "array", items: values, span },
  ];
  return { kind: "call", operator, args, negated: false, with: [], index: 0, span };
}
