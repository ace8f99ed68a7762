/**
 * The syntax tree: one file of unions, plain readonly data, close to OPA's own tree so that its rules, its error
 * texts and its JSON form can be followed. The checker rewrites it into the same types (see `../check/program.ts`),
 * so there is one tree in the engine and not two.
 */
import type { Span } from "../source.ts";

/** How a module is read: `v0`, `v1`, or `v0v1` (a v0 module that says `import rego.v1`). */
export type RegoVersion = "v0" | "v1" | "v0v1";

export interface Module {
  readonly kind: "module";
  readonly span: Span;
  readonly version: RegoVersion;
  readonly package: Package;
  readonly imports: readonly Import[];
  readonly rules: readonly Rule[];
  readonly comments: readonly Comment[];
  /** METADATA blocks in order, each with what it belongs to. */
  readonly annotations: readonly Annotation[];
}

export interface Package {
  readonly kind: "package";
  readonly span: Span;
  /** `data` and then strings: `package a.b` is `data.a.b`. */
  readonly path: RefTerm;
}

export interface Import {
  readonly kind: "import";
  readonly span: Span;
  /** Rooted at `data`, `input`, `future` or `rego`. */
  readonly path: RefTerm;
  readonly alias?: string;
  readonly aliasSpan?: Span;
}

export interface Comment {
  readonly kind: "comment";
  readonly span: Span;
  /** Without the leading `#`. */
  readonly text: string;
}

export interface Rule {
  readonly kind: "rule";
  readonly span: Span;
  readonly isDefault: boolean;
  readonly head: RuleHead;
  /** Empty bodies do not exist: `p := 1` has the body `true` with `generatedBody` set. */
  readonly body: Body;
  readonly generatedBody: boolean;
  /** `else` as OPA nests it: a rule with the same name and arguments. */
  readonly else?: Rule;
  readonly annotations: readonly Annotation[];
}

export interface RuleHead {
  readonly kind: "head";
  readonly span: Span;
  /** `p.q[x]` whole, without the value; for `p contains x` it is `p`, for v0's `p[x] { … }` it is `p` too. */
  readonly ref: RefTerm;
  /** Arguments, for a function. `f()` does not exist in Rego: an absent list means no function. */
  readonly args?: readonly Term[];
  /** The element of a multi-value rule (`p contains key`); absent elsewhere. */
  readonly key?: Term;
  /** The value of a single-value rule; `true` when none was written. Absent on multi-value rules. */
  readonly value?: Term;
  /** Whether `:=` was written (OPA keeps it: it shows in `fmt` and in the JSON form). */
  readonly assign: boolean;
  /** Whether the value was left out and stands for `true`. */
  readonly generatedValue: boolean;
  /** OPA's `name` and, for `p[key] = value`, its `key`: only its JSON form shows them. */
  readonly name?: string;
  readonly objectKey?: Term;
}

export type Body = readonly Expression[];

/** One line of a body. */
export type Expression = TermExpression | CallExpression | SomeDeclaration | SomeIn | Every | NotBody | Logical;

interface ExpressionBase {
  readonly span: Span;
  readonly negated: boolean;
  readonly with: readonly With[];
  /** Position in the body as written, from 0. */
  readonly index: number;
  /** Made by a rewrite, not written by anybody. */
  readonly generated?: boolean;
}

/** A bare term: succeeds unless it is false or undefined. */
export interface TermExpression extends ExpressionBase {
  readonly kind: "term";
  readonly term: Term;
}

/** A call, infix operators included (`x = y` is `eq`, `x := y` is `assign`, `x == y` is `equal`, `x in y` is `internal.member_2`). */
export interface CallExpression extends ExpressionBase {
  readonly kind: "call";
  readonly operator: RefTerm;
  /** One more than the arity where the output is bound: `plus(1, 2, x)`. */
  readonly args: readonly Term[];
  /** How it was written: needed by `fmt`. Absent for `f(x)`. */
  readonly infix?: string;
  /** The checker made this `eq` from `:=`: the left side is bound by the right one, and never the other way round. */
  readonly assigned?: boolean;
}

/** `some x, y`. */
export interface SomeDeclaration extends ExpressionBase {
  readonly kind: "some";
  readonly symbols: readonly VarTerm[];
}

/** `some x in xs`, `some k, v in xs`. */
export interface SomeIn extends ExpressionBase {
  readonly kind: "someIn";
  readonly key?: Term;
  readonly value: Term;
  readonly collection: Term;
  /** The `in`, as the membership function that OPA has here. */
  readonly operator: RefTerm;
}

/** `every k, v in xs { … }`. */
export interface Every extends ExpressionBase {
  readonly kind: "every";
  readonly key?: VarTerm;
  readonly value: VarTerm;
  readonly domain: Term;
  readonly body: Body;
}

/** `not { … }`, and under `future.keywords.not` every `not e` (a body of one). `negated` is false here. */
export interface NotBody extends ExpressionBase {
  readonly kind: "not";
  readonly body: Body;
  /** Whether braces were written. */
  readonly braces: boolean;
}

/** `a and b`, `a or b` (`future.keywords.and`, `.or`): each operand is a body of its own, and binds nothing outside. */
export interface Logical extends ExpressionBase {
  readonly kind: "and" | "or";
  readonly operands: readonly LogicalOperand[];
}

export interface LogicalOperand {
  readonly body: Body;
  /** `braces`: `{ … }`, a scope of its own. `group`: `( … )`. `bare`: neither. */
  readonly form: "bare" | "braces" | "group";
}

/** `with target as value`. */
export interface With {
  readonly kind: "with";
  readonly span: Span;
  readonly target: RefTerm | VarTerm;
  readonly value: Term;
}

export type Term =
  | NullTerm
  | BooleanTerm
  | NumberTerm
  | StringTerm
  | VarTerm
  | RefTerm
  | CallTerm
  | ArrayTerm
  | ObjectTerm
  | SetTerm
  | ArrayComprehension
  | SetComprehension
  | ObjectComprehension
  | TemplateString;

interface TermBase {
  readonly span: Span;
  /** Written in parentheses of its own: needed by `fmt` and by a few of the parser's rules. */
  readonly parenthesised?: boolean;
  /** Where its text begins for OPA, if elsewhere: at the parenthesis of `(a) + b`, whose place is that of `a`. */
  readonly textStart?: number;
  /** Stands nowhere in the text: a head's value that was left out. Its span is that of the head. */
  readonly unplaced?: true;
}

export interface NullTerm extends TermBase {
  readonly kind: "null";
}
export interface BooleanTerm extends TermBase {
  readonly kind: "boolean";
  readonly value: boolean;
}
export interface NumberTerm extends TermBase {
  readonly kind: "number";
  /** As written, with all its digits. */
  readonly text: string;
}
export interface StringTerm extends TermBase {
  readonly kind: "string";
  readonly value: string;
  /** Written with backticks. */
  readonly raw?: boolean;
}
/** A variable. `_` is parsed into a fresh `$0`, `$1`, … as in OPA, with `wildcard` set. */
export interface VarTerm extends TermBase {
  readonly kind: "var";
  readonly name: string;
  readonly wildcard?: boolean;
}
/** `head[a].b`: `terms[0]` is a var (`data`, `input`, a name), a call, a collection or a comprehension; the rest are any terms, names after a dot being strings. */
export interface RefTerm extends TermBase {
  readonly kind: "ref";
  readonly terms: readonly Term[];
}
export interface CallTerm extends TermBase {
  readonly kind: "call";
  readonly operator: RefTerm;
  readonly args: readonly Term[];
  readonly infix?: string;
  /** `-x`, which is `minus(0, x)`. */
  readonly unaryMinus?: boolean;
}
export interface ArrayTerm extends TermBase {
  readonly kind: "array";
  readonly items: readonly Term[];
}
export interface ObjectTerm extends TermBase {
  readonly kind: "object";
  readonly entries: readonly (readonly [key: Term, value: Term])[];
}
export interface SetTerm extends TermBase {
  readonly kind: "set";
  readonly items: readonly Term[];
}
export interface ArrayComprehension extends TermBase {
  readonly kind: "arrayComprehension";
  readonly term: Term;
  readonly body: Body;
}
export interface SetComprehension extends TermBase {
  readonly kind: "setComprehension";
  readonly term: Term;
  readonly body: Body;
}
export interface ObjectComprehension extends TermBase {
  readonly kind: "objectComprehension";
  readonly key: Term;
  readonly value: Term;
  readonly body: Body;
}
/** `$"a {x} b"`: text and expressions in turn. */
export interface TemplateString extends TermBase {
  readonly kind: "templateString";
  readonly parts: readonly (string | Expression)[];
  readonly multiline: boolean;
}

/** A METADATA block, its YAML read and checked. */
export interface Annotation {
  readonly kind: "annotation";
  /** The comments that it stands in, from `# METADATA` to the last line. */
  readonly span: Span;
  readonly scope: "rule" | "document" | "package" | "subpackages";
  /** The rule, package or import that it stands before. */
  readonly target: "rule" | "package" | "import" | "none";
  readonly title?: string;
  readonly description?: string;
  readonly entrypoint?: boolean;
  readonly organizations?: readonly string[];
  readonly relatedResources?: readonly { readonly ref: string; readonly description?: string }[];
  readonly authors?: readonly { readonly name: string; readonly email?: string }[];
  readonly schemas?: readonly AnnotationSchema[];
  readonly compile?: { readonly unknowns?: readonly RefTerm[]; readonly maskRule?: RefTerm };
  readonly custom?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, unknown>>;
}

/** A schema that an annotation gives to a document: by reference, or written out. */
export interface AnnotationSchema {
  readonly path: RefTerm;
  readonly schema?: RefTerm;
  readonly definition?: unknown;
}
