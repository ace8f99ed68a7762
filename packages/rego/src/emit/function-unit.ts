import type { Goal, Local } from "../plan/plan.ts";
import type { Shape } from "../plan/shapes.ts";
import { Label } from "./block.ts";
import { type Code, identifier, js } from "./fragment.ts";
import type { Names } from "./names.ts";
import type { Unit } from "./unit.ts";

/** A function while it is being written: its names, and what is known of its variables. */
export class FunctionUnit {
  readonly unit: Unit;
  /** Whether iteration must be in Rego's order because somebody can see it. */
  ordered = false;
  readonly #own: Names;
  #names: Names;
  #locals = new Map<number, Code>();
  #shapes: ReadonlyMap<number, Shape> | undefined;
  #usesState = false;
  readonly #answers = new Map<string, Code>();

  constructor(unit: Unit) {
    this.unit = unit;
    this.#own = unit.names.inner();
    this.#names = this.#own;
  }

  /** The name of a variable of the plan. */
  local(local: Local): Code {
    const known = this.#locals.get(local.id);
    if (known !== undefined) return known;
    const fresh = this.#names.fresh(local.hint);
    this.#locals.set(local.id, fresh);
    return fresh;
  }

  /** Starts another body, in a block of its own: its variables are numbered and named anew after the parameters. */
  startBody(params: readonly Local[], goals: readonly Goal[]): void {
    this.#names = this.#own.inner();
    const kept = new Set(params.map((param) => param.id));
    this.#locals = new Map([...this.#locals].filter(([id]) => kept.has(id)));
    this.#shapes = this.unit.shapes.locals.get(goals);
  }

  /** What is known of a variable's value. */
  shapeOf(local: Local): Shape {
    return this.#shapes?.get(local.id) ?? "any";
  }

  /** A name of the function's own. */
  fresh(hint: string): Code {
    return this.#names.fresh(hint);
  }

  /** A name that all bodies see. */
  shared(hint: string): Code {
    return this.#own.fresh(hint);
  }

  /** Keeps a name from being given out. */
  reserve(name: string): void {
    this.#own.reserve(name);
  }

  label(hint: string): Label {
    return new Label(this.#names.fresh(hint));
  }

  /** The evaluation's state, which builtins and the budget need. */
  state(): Code {
    this.#usesState = true;
    return identifier("s");
  }

  /** A variable that keeps the answer of a call for whoever makes it again, by the call's text. */
  answerOf(call: string): Code {
    const known = this.#answers.get(call);
    if (known !== undefined) return known;
    const fresh = this.shared("answer");
    this.#answers.set(call, fresh);
    return fresh;
  }

  /** What the function begins with: its part of the state, and what all of its bodies see. */
  prologue(): Code[] {
    const answers = [...this.#answers.values()].map((name) => js`let ${name} = ${this.unit.runtime("notKnown")};`);
    return this.#usesState ? [js`const s = c.state;`, ...answers] : answers;
  }
}
