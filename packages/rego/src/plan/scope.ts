import type { Body, Term } from "../syntax/ast.ts";
import { hintOf } from "./hint-of.ts";
import type { Goal, Local, Operand } from "./plan.ts";
import type { World } from "./world.ts";

/** What is shared by all scopes of one generated function. */
interface Frame {
  readonly names: ReadonlyMap<string, string>;
  /** The variables whose names somebody wrote. */
  readonly named: Set<number>;
  next: number;
}

/**
 * One body while it is planned: the goals so far, and what each variable is bound to at this point. A variable that
 * stands for another value stands for it here too, so that renamings leave no trace in the generated code.
 */
export class Scope {
  readonly world: World;
  readonly goals: Goal[] = [];
  readonly #frame: Frame;
  readonly #bound: Map<string, Operand>;

  private constructor(world: World, frame: Frame, bound: Map<string, Operand>) {
    this.world = world;
    this.#frame = frame;
    this.#bound = bound;
  }

  /** The scope of a function's body. */
  static root(world: World, names: ReadonlyMap<string, string>, first = 0): Scope {
    return new Scope(world, { names, named: new Set(), next: first }, new Map());
  }

  /** A body within this one: it sees what is bound here, and binds nothing here. */
  inner(): Scope {
    return new Scope(this.world, this.#frame, new Map(this.#bound));
  }

  /** The same bindings, with goals apart: for goals that run under a `with`. */
  aside(): Scope {
    return new Scope(this.world, this.#frame, this.#bound);
  }

  /** A new variable of the generated code. */
  local(hint: string): Local {
    return { kind: "local", id: this.#frame.next++, hint };
  }

  /** A new variable for one that was written. */
  localFor(name: string): Local {
    const local = this.local(this.#frame.names.get(name) ?? name);
    this.#frame.named.add(local.id);
    return local;
  }

  /** The next number that `local` would give. */
  get next(): number {
    return this.#frame.next;
  }

  /** What a variable is bound to. */
  valueOf(name: string): Operand | undefined {
    return this.#bound.get(name);
  }

  push(goal: Goal): void {
    this.goals.push(goal);
  }

  /** Binds a variable to a value; the value is computed here, once, unless it costs nothing. */
  bind(name: string, value: Operand): void {
    const written = this.#frame.names.get(name) ?? name;
    if (value.kind === "local" && !isGenerated(written) && !this.#frame.named.has(value.id)) {
      // What was only a step on the way gets the name that somebody gave it.
      value.hint = written;
      this.#frame.named.add(value.id);
    }
    if (value.kind === "local" || value.kind === "constant") {
      this.#bound.set(name, value);
      return;
    }
    const local = isGenerated(written) ? this.local(hintOfOperand(value) ?? name) : this.localFor(name);
    this.push({ kind: "assign", local, value });
    this.#bound.set(name, local);
  }

  /** A term's value; undefined at run time where a reference in it is. */
  evaluate(term: Term): Operand {
    return this.world.recursion.evaluate(this, term);
  }

  /** A term's value, with the body failing where it is undefined. */
  evaluateDefined(term: Term): Operand {
    return this.define(this.evaluate(term), hintOf(term));
  }

  /** Plans a body's expressions in order into this scope. */
  plan(body: Body): void {
    this.world.recursion.plan(this, body);
  }

  /** A value that is certainly defined where the goals so far have gone on. */
  define(value: Operand, hint = "value"): Operand {
    if (isDefined(value)) return value;
    return this.hold(value, hint);
  }

  /** A value computed here, once. */
  hold(value: Operand, hint = "value"): Local {
    if (value.kind === "local") return value;
    const local = this.local(hint);
    this.push({ kind: "assign", local, value });
    return local;
  }
}

/** Whether a variable was made by the checker: nobody knows its name. */
function isGenerated(name: string): boolean {
  return name.startsWith("__local");
}

/** What a value was called where it came from. */
function hintOfOperand(value: Operand): string | undefined {
  if (value.kind !== "lookup" || value.key.kind !== "constant") return undefined;
  return value.key.term.kind === "string" ? value.key.term.value : undefined;
}

/** Whether an operand can never be undefined. */
export function isDefined(value: Operand): boolean {
  switch (value.kind) {
    case "constant":
    case "local":
    case "array":
    case "set":
    case "object":
      return true;
    case "input":
    case "base":
    case "document":
    case "extent":
    case "child":
    case "entry":
    case "lookup":
      return false;
  }
}
