/** Modules and what OPA 1.22.2 says of them: `opa check`, and `opa check --strict` where that says otherwise. */
import type { DiagnosticCode } from "../diagnostics.ts";

/** Modules that are checked together, and the errors expected; none where they are valid. */
export interface CheckCase {
  readonly note: string;
  readonly version: "v0" | "v1";
  readonly strict?: boolean;
  readonly modules: readonly string[];
  /** Row 0 is an error without a place. */
  readonly errors: readonly (readonly [code: DiagnosticCode, row: number, message: string])[];
}

/** All of them. */
export const checkCases: readonly CheckCase[] = [
  {
    note: "a rule of another module of the package",
    version: "v1",
    modules: [
      `package shop
total := sum(prices)
`,
      `package shop
prices := [1, 2]
`,
    ],
    errors: [],
  },
  {
    note: "an import with an alias",
    version: "v1",
    modules: [
      `package shop
import data.stock as s
import input.order
ok if s.items[order.item]
`,
    ],
    errors: [],
  },
  {
    note: "unused import",
    version: "v1",
    modules: [
      `package shop
import data.stock
import data.stock.items as things
ok if things.a
`,
    ],
    errors: [],
  },
  {
    note: "unused import",
    version: "v1",
    strict: true,
    modules: [
      `package shop
import data.stock
import data.stock.items as things
ok if things.a
`,
    ],
    errors: [["rego_compile_error", 2, "import data.stock unused"]],
  },
  {
    note: "import twice",
    version: "v1",
    modules: [
      `package shop
import data.stock
import data.old.stock
ok if stock
`,
    ],
    errors: [["rego_compile_error", 3, "import must not shadow import data.stock"]],
  },
  {
    note: "imports that hide one another by alias",
    version: "v1",
    modules: [
      `package shop
import data.a as x
import data.b as x
ok if x
`,
    ],
    errors: [["rego_compile_error", 3, "import must not shadow import data.a as x"]],
  },
  {
    note: "rule called input",
    version: "v1",
    modules: [
      `package shop
input := 1
`,
    ],
    errors: [["rego_compile_error", 2, "rules must not shadow input (use a different rule name)"]],
  },
  {
    note: "rule called data",
    version: "v1",
    modules: [
      `package shop
data contains 1
`,
    ],
    errors: [["rego_compile_error", 2, "rules must not shadow data (use a different rule name)"]],
  },
  {
    note: "argument called input",
    version: "v1",
    modules: [
      `package shop
f(input) := input
`,
    ],
    errors: [["rego_compile_error", 2, "args must not shadow input (use a different variable name)"]],
  },
  {
    note: "argument called data in a pattern",
    version: "v1",
    modules: [
      `package shop
f([data, x]) := x
`,
    ],
    errors: [["rego_compile_error", 2, "args must not shadow data (use a different variable name)"]],
  },
  {
    note: "variable called input",
    version: "v1",
    modules: [
      `package shop
p if { input := 1; input == 1 }
`,
    ],
    errors: [["rego_compile_error", 2, "variables must not shadow input (use a different variable name)"]],
  },
  {
    note: "variable called input",
    version: "v1",
    strict: true,
    modules: [
      `package shop
p if { input := 1; input == 1 }
`,
    ],
    errors: [
      ["rego_compile_error", 2, "assigned var input unused"],
      ["rego_compile_error", 2, "variables must not shadow input (use a different variable name)"],
    ],
  },
  {
    note: "variable called data in a comprehension",
    version: "v1",
    modules: [
      `package shop
p := [x | data := 1; x := data]
`,
    ],
    errors: [["rego_compile_error", 2, "variables must not shadow data (use a different variable name)"]],
  },
  {
    note: "variable called data in a comprehension",
    version: "v1",
    strict: true,
    modules: [
      `package shop
p := [x | data := 1; x := data]
`,
    ],
    errors: [
      ["rego_compile_error", 2, "assigned var data unused"],
      ["rego_compile_error", 2, "variables must not shadow data (use a different variable name)"],
    ],
  },
  {
    note: "some input",
    version: "v1",
    modules: [
      `package shop
p if { some x in [1]; x == input }
`,
    ],
    errors: [],
  },
  {
    note: "assigned twice",
    version: "v1",
    modules: [
      `package t
p if {
	x := 1
	x := 2
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x assigned above"]],
  },
  {
    note: "assigned after a reference",
    version: "v1",
    modules: [
      `package t
p if {
	x > 1
	x := 2
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x referenced above"]],
  },
  {
    note: "declared twice",
    version: "v1",
    modules: [
      `package t
p if {
	some x
	some x
	input[x]
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x declared above"]],
  },
  {
    note: "declared and not used",
    version: "v1",
    modules: [
      `package t
p if {
	some x, y
	input[x]
}
`,
    ],
    errors: [["rego_compile_error", 3, "declared var y unused"]],
  },
  {
    note: "declared after assignment",
    version: "v1",
    modules: [
      `package t
p if {
	x := 1
	some x
	x
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x assigned above"]],
  },
  {
    note: "argument assigned again",
    version: "v1",
    modules: [
      `package t
f(x) := y if {
	x := 2
	y := x
}
`,
    ],
    errors: [["rego_compile_error", 3, "arg x redeclared"]],
  },
  {
    note: "argument declared again",
    version: "v1",
    modules: [
      `package t
f(x) if {
	some x
	x
}
`,
    ],
    errors: [["rego_compile_error", 3, "arg x redeclared"]],
  },
  {
    note: "argument twice",
    version: "v1",
    modules: [
      `package t
f(x, x) := x
`,
    ],
    errors: [],
  },
  {
    note: "some in with its own variable",
    version: "v1",
    modules: [
      `package t
p if {
	some x in x
}
`,
    ],
    errors: [["rego_compile_error", 3, "var x assigned before"]],
  },
  {
    note: "some in with a used variable",
    version: "v1",
    modules: [
      `package t
p if {
	some x in [1, 2]
	some x in [3]
	x
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x declared above"]],
  },
  {
    note: "some with a pattern",
    version: "v1",
    modules: [
      `package t
p contains [k, v] if {
	some k, {"a": v} in input.items
}
`,
    ],
    errors: [],
  },
  {
    note: "every declares its own",
    version: "v1",
    modules: [
      `package t
p if {
	x := 3
	every x in [1, 2] { x > 0 }
	x == 3
}
`,
    ],
    errors: [],
  },
  {
    note: "every with an unused key",
    version: "v1",
    modules: [
      `package t
p if every k, v in input { v > 0 }
`,
    ],
    errors: [["rego_compile_error", 2, "declared var k unused"]],
  },
  {
    note: "every with the same name twice",
    version: "v1",
    modules: [
      `package t
p if every x, x in input { x > 0 }
`,
    ],
    errors: [["rego_compile_error", 0, "var x declared above"]],
  },
  {
    note: "every that assigns what is outside",
    version: "v1",
    modules: [
      `package t
p if {
	every v in input.xs {
		y := v
		y > 1
	}
	y > 2
}
`,
    ],
    errors: [["rego_unsafe_var_error", 7, "var y is unsafe"]],
  },
  {
    note: "assignment inside not",
    version: "v1",
    modules: [
      `package t
p if not x := 1
`,
    ],
    errors: [["rego_compile_error", 2, "cannot assign vars inside negated expression"]],
  },
  {
    note: "assignment to a call",
    version: "v1",
    modules: [
      `package t
p if f(1) := 2
f(x) := x
`,
    ],
    errors: [["rego_compile_error", 2, "cannot assign to call"]],
  },
  {
    note: "assignment to a ref",
    version: "v1",
    modules: [
      `package t
p if input.x := 2
`,
    ],
    errors: [["rego_compile_error", 2, "cannot assign to ref"]],
  },
  {
    note: "assignment to a string",
    version: "v1",
    modules: [
      `package t
p if "a" := "a"
`,
    ],
    errors: [["rego_compile_error", 2, "cannot assign to string"]],
  },
  {
    note: "assignment to a set",
    version: "v1",
    modules: [
      `package t
p if {x} := {1}
`,
    ],
    errors: [["rego_compile_error", 2, "cannot assign to set"]],
  },
  {
    note: "assignment to a pattern",
    version: "v1",
    modules: [
      `package t
p := [a, c] if {
	[a, {"b": c}] := [1, {"b": 2}]
}
`,
    ],
    errors: [],
  },
  {
    note: "assignment with a key variable",
    version: "v1",
    modules: [
      `package t
p := c if {
	k := "b"
	{k: c} := {"b": 2}
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 4, "var c is unsafe"],
      ["rego_unsafe_var_error", 4, "var k is unsafe"],
    ],
  },
  {
    note: "assignment with a key variable",
    version: "v1",
    strict: true,
    modules: [
      `package t
p := c if {
	k := "b"
	{k: c} := {"b": 2}
}
`,
    ],
    errors: [
      ["rego_compile_error", 3, "assigned var k unused"],
      ["rego_unsafe_var_error", 4, "var c is unsafe"],
      ["rego_unsafe_var_error", 4, "var k is unsafe"],
    ],
  },
  {
    note: "unused assignment",
    version: "v1",
    modules: [
      `package t
p if {
	x := input.a
	y := input.b
	y
}
`,
    ],
    errors: [],
  },
  {
    note: "unused assignment",
    version: "v1",
    strict: true,
    modules: [
      `package t
p if {
	x := input.a
	y := input.b
	y
}
`,
    ],
    errors: [["rego_compile_error", 3, "assigned var x unused"]],
  },
  {
    note: "unused argument",
    version: "v1",
    modules: [
      `package t
f(x, y) := x
`,
    ],
    errors: [],
  },
  {
    note: "unused argument",
    version: "v1",
    strict: true,
    modules: [
      `package t
f(x, y) := x
`,
    ],
    errors: [["rego_compile_error", 2, "unused argument y. (hint: use _ (wildcard variable) instead)"]],
  },
  {
    note: "unused argument in one clause",
    version: "v1",
    modules: [
      `package t
f(x, y) := x if y
else := 2
`,
    ],
    errors: [],
  },
  {
    note: "argument used in else only",
    version: "v1",
    modules: [
      `package t
f(x) := 1 if input
else := x
`,
    ],
    errors: [],
  },
  {
    note: "unused in a comprehension",
    version: "v1",
    modules: [
      `package t
p := [x | x := 1; y := 2]
`,
    ],
    errors: [],
  },
  {
    note: "unused in a comprehension",
    version: "v1",
    strict: true,
    modules: [
      `package t
p := [x | x := 1; y := 2]
`,
    ],
    errors: [["rego_compile_error", 2, "assigned var y unused"]],
  },
  {
    note: "function hidden by a local",
    version: "v1",
    modules: [
      `package t
f(x) := x
p if {
	f := 2
	count([f(1)]) > f
}
`,
    ],
    errors: [["rego_compile_error", 5, "called function f shadowed"]],
  },
  {
    note: "builtin hidden by a local",
    version: "v1",
    modules: [
      `package t
p if {
	count := 2
	x := count([1])
	x
}
`,
    ],
    errors: [["rego_compile_error", 4, "called function count shadowed"]],
  },
  {
    note: "variable named as a builtin",
    version: "v1",
    modules: [
      `package t
p if {
	count = 2
	count > 1
}
`,
    ],
    errors: [],
  },
  {
    note: "comprehension scopes",
    version: "v1",
    modules: [
      `package t
p if {
	a := [x | x := input.a[_]]
	b := {x | x := input.b[_]}
	count(a) > count(b)
}
`,
    ],
    errors: [],
  },
  {
    note: "head comprehension and body with one name",
    version: "v1",
    modules: [
      `package t
p := [x | x := 1] if {
	x := 2
	x > 1
}
`,
    ],
    errors: [],
  },
  {
    note: "head variable without a body",
    version: "v1",
    modules: [
      `package t
p := x
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "head key unsafe",
    version: "v1",
    modules: [
      `package t
p contains x if input
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "head ref variable unsafe",
    version: "v1",
    modules: [
      `package t
p[x] := 1 if input
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "head ref with a ref",
    version: "v1",
    modules: [
      `package t
p[input.name] := 1
`,
    ],
    errors: [],
  },
  {
    note: "head ref with variables in the middle",
    version: "v1",
    modules: [
      `package t
a.b[x].c[y] := z if {
	some x, y
	z := input[x][y]
}
`,
    ],
    errors: [],
  },
  {
    note: "head value needs evaluation",
    version: "v1",
    modules: [
      `package t
p := count(input.xs) if input.xs
`,
    ],
    errors: [],
  },
  {
    note: "head key is a comprehension",
    version: "v1",
    modules: [
      `package t
p contains [x | some x in input]
`,
    ],
    errors: [],
  },
  {
    note: "object head with a call",
    version: "v1",
    modules: [
      `package t
p[lower(x)] := upper(x) if some x in input.names
`,
    ],
    errors: [],
  },
  {
    note: "generated name shows in no error",
    version: "v1",
    modules: [
      `package t
p[x + 1] := 1
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "two rules on a row",
    version: "v1",
    modules: [
      `package t
p := x; q := y
`,
    ],
    errors: [["rego_parse_error", 2, "multiple expressions cannot be used for rule head"]],
  },
  {
    note: "unsafe in negation",
    version: "v1",
    modules: [
      `package t
p if not input.xs[x]
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "bound after negation",
    version: "v1",
    modules: [
      `package t
p if {
	not input.ys[x]
	x := input.xs[_]
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x referenced above"]],
  },
  {
    note: "wildcard in negation",
    version: "v1",
    modules: [
      `package t
p if not input.xs[_]
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var _ is unsafe"]],
  },
  {
    note: "unsafe comparison",
    version: "v1",
    modules: [
      `package t
p if x > 1
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "unsafe builtin argument",
    version: "v1",
    modules: [
      `package t
p if count(x) > 1
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "unsafe in a nested call",
    version: "v1",
    modules: [
      `package t
p if count(concat(",", x)) > 1
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "reordered chain",
    version: "v1",
    modules: [
      `package t
p if {
	z > 1
	z = y + 1
	y = x + 1
	x = input.a
}
`,
    ],
    errors: [],
  },
  {
    note: "mutual needs",
    version: "v1",
    modules: [
      `package t
p if {
	x = y + 1
	y = x - 1
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 3, "var x is unsafe"],
      ["rego_unsafe_var_error", 3, "var y is unsafe"],
    ],
  },
  {
    note: "assignment from itself",
    version: "v1",
    modules: [
      `package t
p if {
	x := [y | y = x[_]]
	x
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 3, "var _ is unsafe"],
      ["rego_unsafe_var_error", 3, "var x is unsafe"],
      ["rego_unsafe_var_error", 3, "var y is unsafe"],
    ],
  },
  {
    note: "right side is not bound by the left",
    version: "v1",
    modules: [
      `package t
p if {
	[x, y] := [1, z]
	x
	y
}
`,
    ],
    errors: [["rego_unsafe_var_error", 3, "var z is unsafe"]],
  },
  {
    note: "unification both ways",
    version: "v1",
    modules: [
      `package t
p if {
	[x, 2] = [1, y]
	x < y
}
`,
    ],
    errors: [],
  },
  {
    note: "object unification",
    version: "v1",
    modules: [
      `package t
p := y if {
	{"a": x, "b": y} = input.o
	x
}
`,
    ],
    errors: [],
  },
  {
    note: "unsafe in a comprehension body",
    version: "v1",
    modules: [
      `package t
p := [x | x = 1; y > 2]
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var y is unsafe"]],
  },
  {
    note: "unsafe comprehension head",
    version: "v1",
    modules: [
      `package t
p := [y | x = 1]
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var y is unsafe"]],
  },
  {
    note: "closure over a later variable",
    version: "v1",
    modules: [
      `package t
p if {
	a := [y | y := x[_]]
	x := input.xs
	a
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 3, "var _ is unsafe"],
      ["rego_unsafe_var_error", 3, "var x is unsafe"],
    ],
  },
  {
    note: "closure over a later variable",
    version: "v1",
    strict: true,
    modules: [
      `package t
p if {
	a := [y | y := x[_]]
	x := input.xs
	a
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 3, "var _ is unsafe"],
      ["rego_unsafe_var_error", 3, "var x is unsafe"],
      ["rego_compile_error", 4, "assigned var x unused"],
    ],
  },
  {
    note: "closure over itself",
    version: "v1",
    modules: [
      `package t
p if {
	x = [y | y = x]
}
`,
    ],
    errors: [["rego_unsafe_var_error", 3, "var x is unsafe"]],
  },
  {
    note: "unsafe in every",
    version: "v1",
    modules: [
      `package t
p if every x in input.xs { x > y }
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var y is unsafe"]],
  },
  {
    note: "unsafe every domain",
    version: "v1",
    modules: [
      `package t
p if every x in xs { x > 1 }
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var xs is unsafe"]],
  },
  {
    note: "keyword that is not imported",
    version: "v1",
    modules: [
      `package t
p { x in input.xs }
`,
    ],
    errors: [["rego_parse_error", 2, "`if` keyword is required before rule body"]],
  },
  {
    note: "unsafe in with",
    version: "v1",
    modules: [
      `package t
p if input.a with input as x
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "with value bound later",
    version: "v1",
    modules: [
      `package t
p if {
	data.a.b with input as x
	x := input.y
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x referenced above"]],
  },
  {
    note: "call output bound",
    version: "v1",
    modules: [
      `package t
p if {
	split("a,b", ",", x)
	x[0] == "a"
}
`,
    ],
    errors: [],
  },
  {
    note: "walk binds",
    version: "v1",
    modules: [
      `package t
p contains path if walk(input, [path, _])
`,
    ],
    errors: [],
  },
  {
    note: "ref head must be bound",
    version: "v1",
    modules: [
      `package t
p if {
	x[_] = 1
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 3, "var _ is unsafe"],
      ["rego_unsafe_var_error", 3, "var x is unsafe"],
    ],
  },
  {
    note: "set literal pattern does not bind",
    version: "v1",
    modules: [
      `package t
p if {
	{x} = {1}
	x
}
`,
    ],
    errors: [["rego_unsafe_var_error", 3, "var x is unsafe"]],
  },
  {
    note: "object key does not bind",
    version: "v1",
    modules: [
      `package t
p if {
	{k: 1} = {"a": 1}
	k
}
`,
    ],
    errors: [["rego_unsafe_var_error", 3, "var k is unsafe"]],
  },
  {
    note: "several unsafe on rows",
    version: "v1",
    modules: [
      `package t
p if {
	a > 1
	b > 2
	not c
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 3, "var a is unsafe"],
      ["rego_unsafe_var_error", 4, "var b is unsafe"],
      ["rego_unsafe_var_error", 5, "var c is unsafe"],
    ],
  },
  {
    note: "more than ten",
    version: "v1",
    modules: [
      `package t
p if {
	a > 1
	b > 1
	c > 1
	d > 1
	e > 1
	f > 1
	g > 1
	h > 1
	i > 1
	j > 1
	k > 1
	l > 1
}
`,
    ],
    errors: [
      ["rego_unsafe_var_error", 3, "var a is unsafe"],
      ["rego_unsafe_var_error", 4, "var b is unsafe"],
      ["rego_unsafe_var_error", 5, "var c is unsafe"],
      ["rego_unsafe_var_error", 6, "var d is unsafe"],
      ["rego_unsafe_var_error", 7, "var e is unsafe"],
      ["rego_unsafe_var_error", 8, "var f is unsafe"],
      ["rego_unsafe_var_error", 9, "var g is unsafe"],
      ["rego_unsafe_var_error", 10, "var h is unsafe"],
      ["rego_unsafe_var_error", 11, "var i is unsafe"],
      ["rego_unsafe_var_error", 12, "var j is unsafe"],
      ["rego_compile_error", 0, "error limit reached"],
    ],
  },
  {
    note: "undefined function",
    version: "v1",
    modules: [
      `package t
p if nothing(1)
`,
    ],
    errors: [["rego_type_error", 2, "undefined function nothing"]],
  },
  {
    note: "undefined function of a package",
    version: "v1",
    modules: [
      `package t
p if data.other.f(1)
`,
    ],
    errors: [["rego_type_error", 2, "undefined function data.other.f"]],
  },
  {
    note: "undefined in a comprehension",
    version: "v1",
    modules: [
      `package t
p := [x | x := nothing(1)]
`,
    ],
    errors: [["rego_type_error", 2, "undefined function nothing"]],
  },
  {
    note: "wrong number for a rule",
    version: "v1",
    modules: [
      `package t
f(x) := x
p if f(1, 2, 3)
`,
    ],
    errors: [["rego_type_error", 3, "function data.t.f has arity 1, got 3 arguments"]],
  },
  {
    note: "wrong number in a term",
    version: "v1",
    modules: [
      `package t
f(x, y) := x + y
p := f(1)
`,
    ],
    errors: [["rego_type_error", 3, "function data.t.f has arity 2, got 1 argument"]],
  },
  {
    note: "call of a rule without arguments",
    version: "v1",
    modules: [
      `package t
q := 1
p if q(1)
`,
    ],
    errors: [["rego_type_error", 3, "undefined function data.t.q"]],
  },
  {
    note: "builtin with too few",
    version: "v1",
    modules: [
      `package t
p := concat(",")
`,
    ],
    errors: [["rego_type_error", 2, "concat: arity mismatch"]],
  },
  {
    note: "builtin with too many",
    version: "v1",
    modules: [
      `package t
p := count([1], 2, 3)
`,
    ],
    errors: [["rego_type_error", 2, "count: arity mismatch"]],
  },
  {
    note: "builtin with its output",
    version: "v1",
    modules: [
      `package t
p := x if plus(1, 2, x)
`,
    ],
    errors: [],
  },
  {
    note: "print as a value",
    version: "v1",
    modules: [
      `package t
p := print("x")
`,
    ],
    errors: [["rego_type_error", 2, 'print("x") used as value']],
  },
  {
    note: "print with an unknown name",
    version: "v1",
    modules: [
      `package t
p if print("x", y)
`,
    ],
    errors: [["rego_compile_error", 2, "var y is undeclared"]],
  },
  {
    note: "print before its variable",
    version: "v1",
    modules: [
      `package t
p if {
	print(x)
	x := 1
	x
}
`,
    ],
    errors: [["rego_compile_error", 4, "var x referenced above"]],
  },
  {
    note: "print inside of every",
    version: "v1",
    modules: [
      `package t
p if every x in input { print("seen", x); x > 1 }
`,
    ],
    errors: [],
  },
  {
    note: "deprecated builtins",
    version: "v1",
    modules: [
      `package t
p if any([true, false])
q if re_match("a", input.x)
`,
    ],
    errors: [
      ["rego_type_error", 2, "deprecated built-in function calls in expression: any"],
      ["rego_type_error", 3, "deprecated built-in function calls in expression: re_match"],
    ],
  },
  {
    note: "deprecated inside of every",
    version: "v1",
    modules: [
      `package t
p if every x in input { any([x]) }
`,
    ],
    errors: [],
  },
  {
    note: "with a variable as its target",
    version: "v1",
    modules: [
      `package t
p if input.a with foo as 1
`,
    ],
    errors: [["rego_type_error", 2, "with keyword target must reference existing input, data, or a function"]],
  },
  {
    note: "with a virtual document",
    version: "v1",
    modules: [
      `package t
q.a := 1
p if q.a with data.t.q.a.b as 2
`,
    ],
    errors: [["rego_compile_error", 3, "with keyword cannot partially replace virtual document(s)"]],
  },
  {
    note: "with below a rule",
    version: "v1",
    modules: [
      `package t
q := {"a": 1}
p if q.a with q.a as 2
`,
    ],
    errors: [["rego_compile_error", 3, "with keyword cannot partially replace virtual document(s)"]],
  },
  {
    note: "with a function",
    version: "v1",
    modules: [
      `package t
f(x) := x
g(x) := x + 1
p if f(1) == 2 with f as g
`,
    ],
    errors: [],
  },
  {
    note: "with a function of another arity",
    version: "v1",
    modules: [
      `package t
f(x) := x
g(x, y) := x + y
p if f(1) == 2 with f as g
`,
    ],
    errors: [
      ["rego_type_error", 4, "data.t.f: arity mismatch"],
      ["rego_type_error", 4, "data.t.f: arity mismatch"],
    ],
  },
  {
    note: "with a builtin",
    version: "v1",
    modules: [
      `package t
p if count([1]) == 2 with count as 2
`,
    ],
    errors: [],
  },
  {
    note: "with a builtin by a builtin",
    version: "v1",
    modules: [
      `package t
p if count([1]) == 1 with count as sum
`,
    ],
    errors: [],
  },
  {
    note: "with walk",
    version: "v1",
    modules: [
      `package t
p if walk(input, x) with walk as 1
`,
    ],
    errors: [["rego_compile_error", 2, "with keyword replacing built-in function: target must not be a relation"]],
  },
  {
    note: "with print",
    version: "v1",
    modules: [
      `package t
p if input.x with print as 1
`,
    ],
    errors: [["rego_compile_error", 2, "with keyword replacing built-in function: target must not be a void function"]],
  },
  {
    note: "with equality",
    version: "v1",
    modules: [
      `package t
p if 1 = 1 with eq as 1
`,
    ],
    errors: [["rego_compile_error", 2, 'with keyword replacing built-in function: replacement of "eq" invalid']],
  },
  {
    note: "with internal",
    version: "v1",
    modules: [
      `package t
p if 1 in [1] with internal.member_2 as true
`,
    ],
    errors: [
      [
        "rego_compile_error",
        2,
        'with keyword replacing built-in function: replacement of internal function "internal.member_2" invalid',
      ],
    ],
  },
  {
    note: "with metadata",
    version: "v1",
    modules: [
      `package t
p if rego.metadata.rule() with rego.metadata.rule as {}
`,
    ],
    errors: [],
  },
  {
    note: "with value a comprehension",
    version: "v1",
    modules: [
      `package t
p if input.xs[0] == 1 with input as {"xs": [x | some x in data.xs]}
`,
    ],
    errors: [],
  },
  {
    note: "with changes types",
    version: "v1",
    modules: [
      `package t
q := 1
p if q == "a" with data.t.q as "a"
r if q == "a"
`,
    ],
    errors: [["rego_type_error", 4, "match error"]],
  },
  {
    note: "complete and set",
    version: "v1",
    modules: [
      `package t
p := 1
p contains 2
`,
    ],
    errors: [["rego_type_error", 2, "conflicting rules data.t.p found"]],
  },
  {
    note: "complete and object",
    version: "v1",
    modules: [
      `package t
p := 1
p[x] := 2 if some x in [1]
`,
    ],
    errors: [["rego_type_error", 2, "conflicting rules data.t.p[x] found"]],
  },
  {
    note: "set and object",
    version: "v1",
    modules: [
      `package t
p contains 1
p.a := 2
`,
    ],
    errors: [["rego_type_error", 2, "rule data.t.p conflicts with:\n  rule data.t.p.a at test-0.rego:3"]],
  },
  {
    note: "object and object of sets",
    version: "v1",
    modules: [
      `package t
p.a := 1
p.b contains 2
`,
    ],
    errors: [],
  },
  {
    note: "functions of two arities",
    version: "v1",
    modules: [
      `package t
f(x) := x
f(x, y) := x + y
`,
    ],
    errors: [["rego_type_error", 2, "conflicting rules data.t.f found"]],
  },
  {
    note: "function and rule",
    version: "v1",
    modules: [
      `package t
f(x) := x
f := 2
`,
    ],
    errors: [["rego_type_error", 2, "conflicting rules data.t.f found"]],
  },
  {
    note: "two defaults",
    version: "v1",
    modules: [
      `package t
default p := 1
default p := 2
`,
    ],
    errors: [["rego_type_error", 1, "multiple default rules data.t.p found at test-0.rego:2, test-0.rego:3"]],
  },
  {
    note: "defaults in two modules",
    version: "v1",
    modules: [
      `package t
default p := 1
`,
      `package t
default p := 2
`,
    ],
    errors: [["rego_type_error", 1, "multiple default rules data.t.p found at test-0.rego:2, test-1.rego:2"]],
  },
  {
    note: "rule inside of another's value",
    version: "v1",
    modules: [
      `package t
p.q := 1
p.q.r := 2
`,
    ],
    errors: [["rego_type_error", 2, "rule data.t.p.q conflicts with:\n  rule data.t.p.q.r at test-0.rego:3"]],
  },
  {
    note: "rules inside of another's value",
    version: "v1",
    modules: [
      `package t
a.b := 1
a.b.c := 2
a.b.d.e := 3
a.b.d contains 4
`,
    ],
    errors: [
      [
        "rego_type_error",
        2,
        "rule data.t.a.b conflicts with:\n  rule data.t.a.b.c at test-0.rego:3\n  rule data.t.a.b.d at test-0.rego:5",
      ],
      ["rego_type_error", 5, "rule data.t.a.b.d conflicts with:\n  rule data.t.a.b.d.e at test-0.rego:4"],
    ],
  },
  {
    note: "variable key and a rule within",
    version: "v1",
    modules: [
      `package t
p[x] := 1 if some x in ["a"]
p.q.r := 2
`,
    ],
    errors: [],
  },
  {
    note: "function within a variable extent",
    version: "v1",
    modules: [
      `package t
p[x].y := 1 if some x in ["a"]
p.f(x) := x
`,
    ],
    errors: [["rego_type_error", 2, "rule data.t.p[x].y conflicts with:\n  rule data.t.p.f at test-0.rego:3"]],
  },
  {
    note: "rule at a package",
    version: "v1",
    modules: [
      `package a
b := 1
`,
      `package a.b
c := 1
`,
    ],
    errors: [
      ["rego_type_error", 1, "package a.b conflicts with rule b defined at test-0.rego:2"],
      ["rego_type_error", 2, "rule data.a.b conflicts with:\n  rule data.a.b.c at test-1.rego:2"],
    ],
  },
  {
    note: "rule within a package of another",
    version: "v1",
    modules: [
      `package a
b.c := 1
`,
      `package a.b.c
d := 1
`,
    ],
    errors: [
      ["rego_type_error", 1, "package a.b.c conflicts with rule b.c defined at test-0.rego:2"],
      ["rego_type_error", 2, "rule data.a.b.c conflicts with:\n  rule data.a.b.c.d at test-1.rego:2"],
    ],
  },
  {
    note: "set within an object of sets",
    version: "v1",
    modules: [
      `package t
p[x] contains y if { some x, y in input }
p contains 1
`,
    ],
    errors: [["rego_type_error", 2, "conflicting rules data.t.p found"]],
  },
  {
    note: "itself",
    version: "v1",
    modules: [
      `package t
p if p
`,
    ],
    errors: [["rego_recursion_error", 2, "rule data.t.p is recursive: data.t.p -> data.t.p"]],
  },
  {
    note: "two rules",
    version: "v1",
    modules: [
      `package t
p if q
q if p
`,
    ],
    errors: [
      ["rego_recursion_error", 2, "rule data.t.p is recursive: data.t.p -> data.t.q -> data.t.p"],
      ["rego_recursion_error", 3, "rule data.t.q is recursive: data.t.q -> data.t.p -> data.t.q"],
    ],
  },
  {
    note: "three rules with a function",
    version: "v1",
    modules: [
      `package t
p := f(1)
f(x) := q + x
q := p
`,
    ],
    errors: [
      ["rego_recursion_error", 2, "rule data.t.p is recursive: data.t.p -> data.t.f -> data.t.q -> data.t.p"],
      ["rego_recursion_error", 3, "rule data.t.f is recursive: data.t.f -> data.t.q -> data.t.p -> data.t.f"],
      ["rego_recursion_error", 4, "rule data.t.q is recursive: data.t.q -> data.t.p -> data.t.f -> data.t.q"],
    ],
  },
  {
    note: "by negation",
    version: "v1",
    modules: [
      `package t
p if not q
q if not p
`,
    ],
    errors: [
      ["rego_recursion_error", 2, "rule data.t.p is recursive: data.t.p -> data.t.q -> data.t.p"],
      ["rego_recursion_error", 3, "rule data.t.q is recursive: data.t.q -> data.t.p -> data.t.q"],
    ],
  },
  {
    note: "else",
    version: "v1",
    modules: [
      `package t
p := 1 if input.a
else := 2 if p
`,
    ],
    errors: [["rego_recursion_error", 3, "rule data.t.p is recursive: data.t.p -> data.t.p"]],
  },
  {
    note: "within a comprehension",
    version: "v1",
    modules: [
      `package t
p := count([1 | p])
`,
    ],
    errors: [["rego_recursion_error", 2, "rule data.t.p is recursive: data.t.p -> data.t.p"]],
  },
  {
    note: "by a variable",
    version: "v1",
    modules: [
      `package t
p.a := 1 if input.a
p.b := 2 if { some x; p[x] == 1 }
`,
    ],
    errors: [["rego_recursion_error", 3, "rule data.t.p.b is recursive: data.t.p.b -> data.t.p.b"]],
  },
  {
    note: "by the package",
    version: "v1",
    modules: [
      `package t
p if data.t
`,
    ],
    errors: [["rego_recursion_error", 2, "rule data.t.p is recursive: data.t.p -> data.t.p"]],
  },
  {
    note: "by a known variable",
    version: "v1",
    modules: [
      `package t
p.a := 1
p.b := 2 if { some k in ["a"]; p[k] == 1 }
`,
    ],
    errors: [],
  },
  {
    note: "by an input variable",
    version: "v1",
    modules: [
      `package t
p.a := 1
p.b := 2 if p[input.k] == 1
`,
    ],
    errors: [
      [
        "rego_recursion_error",
        3,
        'rule data.t.p.b may be recursive: data.t.p.b -> data.t.p.b (data.t.p[input.k] refers to data.t.p.b if input.k is "b")',
      ],
    ],
  },
  {
    note: "by all of data",
    version: "v1",
    modules: [
      `package t
p if data[_].x
`,
    ],
    errors: [],
  },
  {
    note: "with replaces",
    version: "v1",
    modules: [
      `package t
p if q with data.t.p as true
q if input.x
`,
    ],
    errors: [["rego_recursion_error", 2, "rule data.t.p is recursive: data.t.p -> data.t.p"]],
  },
  {
    note: "across packages",
    version: "v1",
    modules: [
      `package a
p if data.b.q
`,
      `package b
q if data.a.p
`,
    ],
    errors: [
      ["rego_recursion_error", 2, "rule data.a.p is recursive: data.a.p -> data.b.q -> data.a.p"],
      ["rego_recursion_error", 2, "rule data.b.q is recursive: data.b.q -> data.a.p -> data.b.q"],
    ],
  },
  {
    note: "number and string",
    version: "v1",
    modules: [
      `package t
p if 1 == "a"
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "rule and constant",
    version: "v1",
    modules: [
      `package t
q := 1
p if q == "a"
`,
    ],
    errors: [["rego_type_error", 3, "match error"]],
  },
  {
    note: "two rules of two types",
    version: "v1",
    modules: [
      `package t
q := 1 if input.a
q := "a" if input.b
p if q == "b"
r if q == null
`,
    ],
    errors: [["rego_type_error", 5, "match error"]],
  },
  {
    note: "object key that is not there",
    version: "v1",
    modules: [
      `package t
q := {"a": 1}
p := q.b
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q.b"]],
  },
  {
    note: "object key by variable",
    version: "v1",
    modules: [
      `package t
q := {"a": 1, "b": "x"}
p contains v if { some k; v := q[k] }
`,
    ],
    errors: [],
  },
  {
    note: "array by a string",
    version: "v1",
    modules: [
      `package t
q := [1, 2]
p := q.a
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q.a"]],
  },
  {
    note: "array out of its range",
    version: "v1",
    modules: [
      `package t
q := [1, 2]
p := q[2]
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q[2]"]],
  },
  {
    note: "into a number",
    version: "v1",
    modules: [
      `package t
q := 1
p := q.a
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q.a"]],
  },
  {
    note: "into a string",
    version: "v1",
    modules: [
      `package t
p if { x := "abc"; x[0] }
`,
    ],
    errors: [["rego_type_error", 2, "undefined ref: x[0]"]],
  },
  {
    note: "into null by a variable",
    version: "v1",
    modules: [
      `package t
p if { x := null; x[_] }
`,
    ],
    errors: [["rego_type_error", 2, "undefined ref: x[_]"]],
  },
  {
    note: "empty object",
    version: "v1",
    modules: [
      `package t
p if { x := {}; x.a }
`,
    ],
    errors: [["rego_type_error", 2, "undefined ref: x.a"]],
  },
  {
    note: "empty array by variable",
    version: "v1",
    modules: [
      `package t
p if { x := []; x[_] }
`,
    ],
    errors: [],
  },
  {
    note: "set member of another type",
    version: "v1",
    modules: [
      `package t
q := {1, 2}
p if q.a
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q.a"]],
  },
  {
    note: "member of a set rule",
    version: "v1",
    modules: [
      `package t
q contains 1
p if q["a"]
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q.a"]],
  },
  {
    note: "document below a rule",
    version: "v1",
    modules: [
      `package t
q contains x if some x in ["a"]
p if data.t.q[1]
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q[1]"]],
  },
  {
    note: "a missing rule",
    version: "v1",
    modules: [
      `package t
p if data.t.nothing
`,
    ],
    errors: [],
  },
  {
    note: "a key below data",
    version: "v1",
    modules: [
      `package t
p if data.t[1]
`,
    ],
    errors: [],
  },
  {
    note: "function as a value",
    version: "v1",
    modules: [
      `package t
f(x) := x
p := f
`,
    ],
    errors: [["rego_type_error", 3, "function data.t.f used as reference, not called"]],
  },
  {
    note: "function below as a value",
    version: "v1",
    modules: [
      `package t
f(x) := x
p if data.t.f[1]
`,
    ],
    errors: [["rego_type_error", 3, "function data.t.f[1] used as reference, not called"]],
  },
  {
    note: "builtin with a wrong constant",
    version: "v1",
    modules: [
      `package t
p := count(1)
`,
    ],
    errors: [["rego_type_error", 2, "count: invalid argument(s)"]],
  },
  {
    note: "builtin with a wrong variable",
    version: "v1",
    modules: [
      `package t
p if { x := "a"; x + 1 > 2 }
`,
    ],
    errors: [["rego_type_error", 2, "plus: invalid argument(s)"]],
  },
  {
    note: "builtin with a wrong rule",
    version: "v1",
    modules: [
      `package t
q := "a"
p := q * 2
`,
    ],
    errors: [["rego_type_error", 3, "mul: invalid argument(s)"]],
  },
  {
    note: "builtin with a wrong item",
    version: "v1",
    modules: [
      `package t
p := concat(",", [1, "a"])
`,
    ],
    errors: [["rego_type_error", 2, "concat: invalid argument(s)"]],
  },
  {
    note: "builtin with an unknown item",
    version: "v1",
    modules: [
      `package t
p := concat(",", [input.x, "a"])
`,
    ],
    errors: [],
  },
  {
    note: "builtin result",
    version: "v1",
    modules: [
      `package t
p if { x := count([1]); x == "a" }
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "builtin output of another type",
    version: "v1",
    modules: [
      `package t
p if count([1], "a")
`,
    ],
    errors: [["rego_type_error", 2, "count: invalid argument(s)"]],
  },
  {
    note: "function argument inferred",
    version: "v1",
    modules: [
      `package t
f(x) := y if y := x + 1
p := f("a")
`,
    ],
    errors: [["rego_type_error", 3, "data.t.f: invalid argument(s)"]],
  },
  {
    note: "function result inferred",
    version: "v1",
    modules: [
      `package t
f(x) := y if y := x + 1
p if f(1) == "a"
`,
    ],
    errors: [["rego_type_error", 3, "match error"]],
  },
  {
    note: "function of two clauses",
    version: "v1",
    modules: [
      `package t
f(x) := 1 if x == "a"
f(x) := 2 if x == 1
p := f(null)
`,
    ],
    errors: [["rego_type_error", 4, "data.t.f: invalid argument(s)"]],
  },
  {
    note: "function pattern",
    version: "v1",
    modules: [
      `package t
f([x, y]) := x if y
p := f({"a": 1})
`,
    ],
    errors: [["rego_type_error", 3, "data.t.f: invalid argument(s)"]],
  },
  {
    note: "member in an array of others",
    version: "v1",
    modules: [
      `package t
p if "a" in [1, 2]
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "member with a key",
    version: "v1",
    modules: [
      `package t
p if "a", 1 in {"b": 2}
q if 1, "a" in {"b": "a"}
`,
    ],
    errors: [["rego_type_error", 3, "match error"]],
  },
  {
    note: "some in with another type",
    version: "v1",
    modules: [
      `package t
p if { some x in [1, 2]; x == "a" }
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "some in over a number",
    version: "v1",
    modules: [
      `package t
p if { some x in 1; x }
`,
    ],
    errors: [],
  },
  {
    note: "every over strings",
    version: "v1",
    modules: [
      `package t
p if every x in ["a"] { x + 1 > 0 }
`,
    ],
    errors: [],
  },
  {
    note: "every with a wrong ref",
    version: "v1",
    modules: [
      `package t
q := {"a": 1}
p if every x in [1] { q.b > x }
`,
    ],
    errors: [["rego_type_error", 3, "undefined ref: data.t.q.b"]],
  },
  {
    note: "comprehension of numbers",
    version: "v1",
    modules: [
      `package t
p if { xs := [x | some x in [1, 2]]; xs[0] == "a" }
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "wrong type inside of a comprehension",
    version: "v1",
    modules: [
      `package t
p := [x | x := 1; x == "a"]
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "object comprehension",
    version: "v1",
    modules: [
      `package t
p if { o := {k: v | some k, v in [1]}; o[0] == "a" }
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "error in a rule spares what uses it",
    version: "v1",
    modules: [
      `package t
q := 1 + "a"
p if q == null
`,
    ],
    errors: [["rego_type_error", 2, "plus: invalid argument(s)"]],
  },
  {
    note: "input is anything",
    version: "v1",
    modules: [
      `package t
p if { input.x == 1; input.x == "a" }
`,
    ],
    errors: [],
  },
  {
    note: "unify arrays of two lengths",
    version: "v1",
    modules: [
      `package t
p if [1, 2] == [1]
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "unify objects of two keys",
    version: "v1",
    modules: [
      `package t
p if {"a": 1} == {"b": 1}
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "nested difference",
    version: "v1",
    modules: [
      `package t
p if {"a": {"b": 1}} == {"a": {"b": "x"}}
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "sets of two types",
    version: "v1",
    modules: [
      `package t
p if {1} == {"a"}
`,
    ],
    errors: [["rego_type_error", 2, "match error"]],
  },
  {
    note: "ternary comparison",
    version: "v1",
    modules: [
      `package t
p if 1 < "a"
`,
    ],
    errors: [],
  },
  {
    note: "template of anything",
    version: "v1",
    modules: [
      `package t
p := $"{input.x} {1 + 2}"
q if p == 1
`,
    ],
    errors: [["rego_type_error", 3, "match error"]],
  },
  {
    note: "template with an unknown name",
    version: "v1",
    modules: [
      `package t
p := $"{x}"
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "template with a relation",
    version: "v1",
    modules: [
      `package t
p := $"{walk(input)}"
`,
    ],
    errors: [["rego_compile_error", 0, "illegal call to relation built-in 'walk' that may cause multiple outputs"]],
  },
  {
    note: "schema of a rule",
    version: "v1",
    modules: [
      `package t
# METADATA
# schemas:
# - input: {type: object, properties: {a: {type: number}}}
p if input.a == "x"
`,
    ],
    errors: [["rego_type_error", 5, "match error"]],
  },
  {
    note: "schema with a missing key",
    version: "v1",
    modules: [
      `package t
# METADATA
# schemas:
# - input: {type: object, properties: {a: {type: number}}}
p if input.b
`,
    ],
    errors: [["rego_type_error", 5, "undefined ref: input.b"]],
  },
  {
    note: "schema of a document",
    version: "v1",
    modules: [
      `package t
# METADATA
# scope: document
# schemas:
# - input.a: {type: string}
p if input.a == 1
p if input.a == 2
`,
    ],
    errors: [
      ["rego_type_error", 6, "match error"],
      ["rego_type_error", 7, "match error"],
    ],
  },
  {
    note: "schema of a package",
    version: "v1",
    modules: [
      `# METADATA
# schemas:
# - input.a: {type: array, items: {type: string}}
package t
p if input.a[0] == 1
`,
    ],
    errors: [["rego_type_error", 5, "match error"]],
  },
  {
    note: "schema by reference and union",
    version: "v1",
    modules: [
      `package t
# METADATA
# schemas:
# - input: {definitions: {n: {type: number}}, properties: {a: {$ref: "#/definitions/n"}, b: {anyOf: [{type: string}, {type: boolean}]}}}
p if {
	input.a == "x"
	input.b == 1
}
`,
    ],
    errors: [
      ["rego_type_error", 6, "match error"],
      ["rego_type_error", 7, "match error"],
    ],
  },
  {
    note: "document annotated twice",
    version: "v1",
    modules: [
      `package t
# METADATA
# scope: document
# title: one
p := 1 if input.a

# METADATA
# scope: document
# title: two
p := 2 if input.b
`,
    ],
    errors: [["rego_type_error", 7, "document annotation redeclared: test-0.rego:2"]],
  },
  {
    note: "package annotated in two modules",
    version: "v1",
    modules: [
      `# METADATA
# title: one
package t
p := 1
`,
      `# METADATA
# title: two
package t
q := 1
`,
    ],
    errors: [["rego_type_error", 1, "package annotation redeclared: test-0.rego:1"]],
  },
  {
    note: "metadata of a rule",
    version: "v1",
    modules: [
      `package t
# METADATA
# title: P
p := rego.metadata.rule().title
`,
    ],
    errors: [],
  },
  {
    note: "metadata that is not there",
    version: "v1",
    modules: [
      `package t
# METADATA
# title: P
p := rego.metadata.rule().owner
`,
    ],
    errors: [["rego_type_error", 4, "undefined ref: rego.metadata.rule().owner"]],
  },
  {
    note: "metadata chain",
    version: "v1",
    modules: [
      `# METADATA
# title: T
package t
p := rego.metadata.chain()[1].annotations.title
q := rego.metadata.chain()[2]
`,
    ],
    errors: [["rego_type_error", 5, "undefined ref: rego.metadata.chain()[2]"]],
  },
  {
    note: "not with a body",
    version: "v1",
    modules: [
      `package t
import future.keywords.not
p if not { x := input.a; x > 1 }
`,
    ],
    errors: [],
  },
  {
    note: "not without braces binds nothing",
    version: "v1",
    modules: [
      `package t
import future.keywords.not
p if { not input.xs[x]; x > 1 }
`,
    ],
    errors: [["rego_unsafe_var_error", 3, "var x is unsafe"]],
  },
  {
    note: "nested call under not",
    version: "v1",
    modules: [
      `package t
import future.keywords.not
p if not startswith(lower(input.a), "x")
`,
    ],
    errors: [],
  },
  {
    note: "and of two",
    version: "v1",
    modules: [
      `package t
import future.keywords.and
p if input.a and input.b
`,
    ],
    errors: [],
  },
  {
    note: "or that binds nothing",
    version: "v1",
    modules: [
      `package t
import future.keywords.or
p if { input.xs[x] or input.ys[x]; x }
`,
    ],
    errors: [["rego_unsafe_var_error", 3, "var x is unsafe"]],
  },
  {
    note: "or with an assignment",
    version: "v1",
    modules: [
      `package t
import future.keywords.or
p if x := 1 or input.b
`,
    ],
    errors: [["rego_compile_error", 3, "cannot assign vars inside implicit or operand"]],
  },
  {
    note: "or with bodies",
    version: "v1",
    modules: [
      `package t
import future.keywords.or
p if { y := input.a; y > 2 } or { y := input.b; y > 3 }
`,
    ],
    errors: [],
  },
  {
    note: "set and object rules",
    version: "v0",
    modules: [
      `package t
p[x] { x = input.xs[_] }
q[x] = y { y = input.m[x] }
`,
    ],
    errors: [],
  },
  {
    note: "both kinds under one name",
    version: "v0",
    modules: [
      `package t
p[x] { x = 1 }
p[x] = y { x = 1; y = 2 }
`,
    ],
    errors: [["rego_type_error", 2, "conflicting rules data.t.p[x] found"]],
  },
  {
    note: "input hidden by a variable",
    version: "v0",
    modules: [
      `package t
p { input := 1; input == 1 }
`,
    ],
    errors: [],
  },
  {
    note: "input hidden by a variable",
    version: "v0",
    strict: true,
    modules: [
      `package t
p { input := 1; input == 1 }
`,
    ],
    errors: [
      ["rego_compile_error", 2, "assigned var input unused"],
      ["rego_compile_error", 2, "variables must not shadow input (use a different variable name)"],
    ],
  },
  {
    note: "rule called input",
    version: "v0",
    modules: [
      `package t
input = 1
`,
    ],
    errors: [],
  },
  {
    note: "rule called input",
    version: "v0",
    strict: true,
    modules: [
      `package t
input = 1
`,
    ],
    errors: [["rego_compile_error", 2, "rules must not shadow input (use a different rule name)"]],
  },
  {
    note: "same import twice",
    version: "v0",
    modules: [
      `package t
import data.a
import data.b.a
p { a }
`,
    ],
    errors: [],
  },
  {
    note: "same import twice",
    version: "v0",
    strict: true,
    modules: [
      `package t
import data.a
import data.b.a
p { a }
`,
    ],
    errors: [["rego_compile_error", 3, "import must not shadow import data.a"]],
  },
  {
    note: "deprecated is allowed",
    version: "v0",
    modules: [
      `package t
p { any([true]) }
`,
    ],
    errors: [],
  },
  {
    note: "deprecated is allowed",
    version: "v0",
    strict: true,
    modules: [
      `package t
p { any([true]) }
`,
    ],
    errors: [["rego_type_error", 2, "deprecated built-in function calls in expression: any"]],
  },
  {
    note: "not with a loop",
    version: "v0",
    modules: [
      `package t
p { not input.xs[_] = 1 }
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var _ is unsafe"]],
  },
  {
    note: "chained bodies",
    version: "v0",
    modules: [
      `package t
p { input.a } { input.b }
`,
    ],
    errors: [],
  },
  {
    note: "else with types",
    version: "v0",
    modules: [
      `package t
p = 1 { input.a } else = "a" { input.b }
q { p == null }
`,
    ],
    errors: [["rego_type_error", 3, "match error"]],
  },
  {
    note: "v1 by import",
    version: "v0",
    modules: [
      `package t
import rego.v1
p if any([true])
input := 1
`,
    ],
    errors: [
      ["rego_type_error", 3, "deprecated built-in function calls in expression: any"],
      ["rego_compile_error", 4, "rules must not shadow input (use a different rule name)"],
    ],
  },
  {
    note: "unsafe head",
    version: "v0",
    modules: [
      `package t
p[x] { true }
`,
    ],
    errors: [["rego_unsafe_var_error", 2, "var x is unsafe"]],
  },
  {
    note: "ref rule makes a set",
    version: "v0",
    modules: [
      `package t
p.a { true }
p.b { true }
q { p.c }
`,
    ],
    errors: [],
  },
];
