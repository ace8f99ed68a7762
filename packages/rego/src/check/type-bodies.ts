/** Types the expressions of a body: what goes together, what calls take, and what variables come to be. */
import type { Diagnostic } from "../diagnostics.ts";
import type { Body, CallExpression, Expression, RefTerm, Term, With } from "../syntax/ast.ts";
import { builtinOf, dottedName, operatorName } from "./calls.ts";
import type { CheckOptions } from "./compilation.ts";
import { problem } from "./compilation.ts";
import { groundPrefix } from "./constants.ts";
import { isGround } from "../syntax/build.ts";
import { isEquality } from "./declared.ts";
import { printTerm } from "../syntax/print.ts";
import { anyType, isUnknown, keysOf, type Known, union, valuesOf } from "./type-algebra.ts";
import { comprehensionType, TypeEnvironment, TypeTree } from "./type-environment.ts";
import { inputSchema } from "./input-schema.ts";
import { RefChecker, type Written } from "./type-refs.ts";
import { argumentLines, matchLines } from "./type-messages.ts";
import { typeText } from "./type-text.ts";
import { goTogether, learn, matchTerms } from "./type-unifier.ts";
import type { Type } from "./type.ts";
import { termKey } from "./term-key.ts";
import { walkExpression, walkTerm, type Visitor } from "./walk.ts";

type FunctionType = Type & { readonly kind: "function" };
type Comprehension = Term & { kind: "arrayComprehension" | "setComprehension" | "objectComprehension" };

const input: Term = { kind: "var", name: "input", span: { source: { name: "", text: "" }, start: 0, end: 0 } };

/** What the typing of bodies needs to know. */
export interface TypeContext {
  readonly options: CheckOptions;
  readonly written: Written;
  /** The paths of the rules that a ref may read, and of all that need these. */
  readonly dependents: (ref: RefTerm) => readonly (readonly Term[])[];
}

/** An error with whether it may only follow from another one. */
interface Found {
  readonly error: Diagnostic;
  readonly byUnknown: boolean;
}

function argumentError(
  call: { readonly span: CallExpression["span"]; readonly name: string },
  message: string,
  have: readonly Known[],
  details: readonly string[],
): Found {
  return {
    error: problem("rego_type_error", call.span, `${call.name}: ${message}`, details),
    byUnknown: have.some(isUnknown),
  };
}

function matchError(expression: Expression, left: Known, right: Known): Found {
  return {
    error: problem("rego_type_error", expression.span, "match error", matchLines(left, right)),
    byUnknown: isUnknown(left) || isUnknown(right),
  };
}

function isComprehensionTerm(term: Term): term is Comprehension {
  return term.kind === "arrayComprehension" || term.kind === "setComprehension" || term.kind === "objectComprehension";
}

/** Types bodies within one compilation. */
export class BodyTyper {
  readonly #context: TypeContext;
  readonly #relaxed = new Map<string, TypeTree | undefined>();
  /** Builtins that were called. */
  readonly called: Set<string> = new Set();

  constructor(context: TypeContext) {
    this.#context = context;
  }

  /** An environment in which only the builtins are known. */
  base(): TypeEnvironment {
    const { builtins, schemas } = this.#context.options;
    const { type: inputType } = inputSchema(schemas);
    const environment = new TypeEnvironment(undefined, {
      closure: (around, body) => {
        const { inside, errors } = this.body(around, body);
        return errors.length === 0 ? inside : undefined;
      },
      builtin: (terms) => {
        const name = dottedName(terms);
        const builtin = name === undefined ? undefined : builtins.get(name);
        if (builtin === undefined) return undefined;
        const { args, variadic, result } = builtin;
        return { kind: "function", args, variadic, result };
      },
    });
    if (inputType !== undefined) environment.tree.put([input], inputType);
    return environment;
  }

  /** Types a body in a place of its own. */
  body(
    around: TypeEnvironment,
    body: Body,
  ): { readonly inside: TypeEnvironment; readonly errors: readonly Diagnostic[] } {
    const inside = around.wrap();
    const errors: Diagnostic[] = [];
    for (const expression of body) this.#expression(inside, expression, errors);
    return { inside, errors };
  }

  #expression(inside: TypeEnvironment, expression: Expression, errors: Diagnostic[]): void {
    const environment = expression.with.length === 0 ? inside : this.#under(inside, expression.with);
    const inClosures = this.#closures(environment, expression);
    errors.push(...inClosures);
    const inRefs = this.#refs(environment, expression);
    errors.push(...inRefs);
    const found = this.#call(environment, expression);
    if (found === undefined) return;
    // An error of what an expression is made of says more than that nothing is known of it.
    if (found.byUnknown && inClosures.length + inRefs.length > 0) return;
    errors.push(found.error);
  }

  #closures(environment: TypeEnvironment, expression: Expression): readonly Diagnostic[] {
    let result: readonly Diagnostic[] = [];
    walkExpression(expression, {
      term: (term) => {
        if (!isComprehensionTerm(term)) return false;
        const { inside, errors } = this.body(environment, term.body);
        if (errors.length > 0) result = errors;
        environment.remember(term, errors.length === 0 ? comprehensionType(inside, term) : undefined);
        return true;
      },
    });
    return result;
  }

  #refs(environment: TypeEnvironment, expression: Expression): readonly Diagnostic[] {
    const checker = new RefChecker(environment, this.#context.written);
    const errors: Diagnostic[] = [];
    const visitor: Visitor = {
      term: (term) => {
        if (isComprehensionTerm(term)) return true;
        if (term.kind !== "ref") return false;
        const found = checker.check(term);
        if (found !== undefined) errors.push(found.error);
        return found?.stop ?? false;
      },
      expression: (inner) => {
        switch (inner.kind) {
          case "call":
            for (const argument of inner.args) walkTerm(argument, visitor);
            return true;
          case "term":
            walkTerm(inner.term, visitor);
            return true;
          case "not":
            for (const each of inner.body) walkExpression(each, visitor);
            return true;
          case "some":
          case "someIn":
          case "every":
          case "and":
          case "or":
            return false;
        }
      },
    };
    walkExpression(expression, visitor);
    return errors;
  }

  #call(environment: TypeEnvironment, expression: Expression): Found | undefined {
    for (const modifier of expression.with) {
      const found = this.#replacement(environment, modifier);
      if (found !== undefined) return found;
    }
    if (expression.kind !== "call") return undefined;
    const builtin = builtinOf(this.#context.options.builtins, expression.operator);
    if (builtin !== undefined) this.called.add(builtin.name);
    if (isEquality(expression)) return this.#equality(environment, expression);
    if (builtin?.name === "internal.member_2" || builtin?.name === "internal.member_3") {
      const found = this.#member(environment, expression, builtin.args.length);
      if (found !== undefined) return found;
    }
    return this.#arguments(environment, expression);
  }

  /** A function may be replaced by one that takes as much. */
  #replacement(environment: TypeEnvironment, modifier: With): Found | undefined {
    const target = environment.typeOf(modifier.target);
    const value = environment.typeOf(modifier.value);
    if (target?.kind !== "function" || value?.kind !== "function" || goTogether(target, value)) return undefined;
    const name = printTerm(modifier.target);
    return argumentError(
      { span: modifier.span, name },
      "arity mismatch",
      value.args,
      argumentLines(value.args, target, false, name),
    );
  }

  #equality(environment: TypeEnvironment, expression: CallExpression): Found | undefined {
    const [left, right] = expression.args;
    if (left === undefined || right === undefined || expression.args.length !== 2) {
      const have = expression.args.map((term) => environment.typeOf(term));
      const message = expression.args.length < 2 ? "too few arguments" : "too many arguments";
      return argumentError({ span: expression.span, name: "eq" }, message, have, [
        `have: (${have.map(typeText).join(", ")})`,
        "want: (any, any)",
      ]);
    }
    const typeLeft = environment.typeOf(left);
    const typeRight = environment.typeOf(right);
    if (matchTerms(environment, left, right)) return undefined;
    return matchError(expression, typeLeft, typeRight);
  }

  /** `x in xs`: x must be able to be in xs. */
  #member(environment: TypeEnvironment, expression: CallExpression, arity: number): Found | undefined {
    const { args } = expression;
    const collection = args[arity - 1];
    const value = args[arity - 2];
    if (collection === undefined || value === undefined) return undefined;
    const type = environment.typeOf(collection);
    const values = valuesOf(type);
    if (values === undefined) return undefined;
    const key = arity === 3 ? args[0] : undefined;
    const wrong = key === undefined ? undefined : memberError(environment, expression, key, keysOf(type));
    return wrong ?? memberError(environment, expression, value, values);
  }

  #arguments(environment: TypeEnvironment, expression: CallExpression): Found | undefined {
    const { args, operator, span } = expression;
    const type = environment.typeOfRef(operator.terms);
    const name = operatorName(operator);
    if (type === undefined || (type.kind !== "function" && !(type.kind === "any" && type.of.length === 0))) {
      return { error: problem("rego_type_error", span, `undefined function ${name}`), byUnknown: false };
    }
    if (type.kind !== "function") return undefined;
    const have = args.map((term) => environment.typeOf(term));
    const fail = (message: string): Found => {
      const given = args.map((term) => environment.typeOf(term));
      return argumentError({ span, name }, message, given, argumentLines(given, type, true, name));
    };
    const wanted = wantedTypes(type);
    if (args.length > wanted.length && type.variadic === undefined) return fail("too many arguments");
    if (args.length < type.args.length) return fail("too few arguments");
    for (const [index, argument] of args.entries()) {
      const want = index < wanted.length ? wanted[index] : type.variadic;
      const had = have[index];
      if (had !== undefined && !isUnknown(had) && !goTogether(had, want)) return fail("invalid argument(s)");
      if (!learn(environment, argument, want, false)) return fail("invalid argument(s)");
    }
    return undefined;
  }

  /** What is known where `with` replaces documents: each may be its replacement, and what needs it may be anything. */
  #under(inside: TypeEnvironment, modifiers: readonly With[]): TypeEnvironment {
    let environment = inside;
    const replaced: (readonly [path: readonly Term[], type: Type])[] = [];
    for (const { target, value } of modifiers) {
      if (target.kind !== "ref") continue;
      const type = inside.typeOfRef(target.terms);
      const isFunction = type?.kind === "function";
      const tree = this.#relaxedBy(target, isFunction);
      if (tree !== undefined) environment = environment.wrapWith(tree);
      if (isFunction) continue;
      let either: Type = anyType;
      if (target.terms.slice(1).every(isGround) && type !== undefined) {
        const valueType = inside.typeOf(value);
        either = (valueType === undefined ? undefined : union(type, valueType)) ?? anyType;
      }
      replaced.push([groundPrefix(target.terms), either]);
    }
    if (replaced.length === 0) return environment;
    const layer = environment.wrapWith();
    for (const [path, type] of replaced) layer.tree.put(path, type);
    return layer;
  }

  #relaxedBy(target: RefTerm, isFunction: boolean): TypeTree | undefined {
    const key = `${isFunction ? "f" : "d"}${termKey(target)}`;
    if (this.#relaxed.has(key)) return this.#relaxed.get(key);
    const own = termKey(target);
    let tree: TypeTree | undefined;
    for (const path of this.#context.dependents(target)) {
      if (isFunction && termKey({ ...target, terms: path }) === own) continue;
      tree ??= new TypeTree(undefined);
      tree.put(path, anyType);
    }
    this.#relaxed.set(key, tree);
    return tree;
  }
}

function wantedTypes(type: FunctionType): readonly Known[] {
  return type.result === undefined ? type.args : [...type.args, type.result];
}

function memberError(environment: TypeEnvironment, expression: Expression, term: Term, type: Known): Found | undefined {
  if (isUnknown(type)) return undefined;
  const have = environment.typeOf(term);
  const apart = !isUnknown(have) && !goTogether(have, type);
  if (!apart && learn(environment, term, type, false)) return undefined;
  return matchError(expression, have, type);
}

/** What OPA says of a builtin's call with the wrong number of arguments: what was given, and what is wanted. */
export function mismatchDetails(
  options: CheckOptions,
): (name: RefTerm, call: CallExpression) => readonly string[] | undefined {
  const environment = new BodyTyper({ options, written: (ref) => ref, dependents: () => [] }).base();
  return (name, call) => {
    const type = environment.typeOfRef(name.terms);
    if (type?.kind !== "function") return undefined;
    const have = call.args.map((term) => environment.typeOf(term));
    return argumentLines(have, type, false, operatorName(name));
  };
}
