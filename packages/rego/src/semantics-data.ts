/** Programs with what OPA 1.22.2 answers to each: `opa eval --format json` of the query, as it prints it. */
export interface SemanticCase {
  readonly name: string;
  readonly version?: "v0";
  readonly strict?: boolean;
  /** `data.test` when absent. */
  readonly query?: string;
  readonly modules: readonly string[];
  readonly input?: string;
  readonly data?: string;
  /** The answer as JSON, or `undefined`. */
  readonly want?: string;
  /** The code of the error instead. */
  readonly error?: string;
}

export const semanticCases: readonly SemanticCase[] = [
  {
    name: "else1",
    modules: [
      `package test
p := 1 if { input.x } else := 2 if { not input.y } else := 3
p := 2 if { 1 == 1 }
`,
    ],
    want: '{ "p": 2 }',
  },
  {
    name: "else2 conflict",
    modules: [
      `package test
p := 1 if { false } else := 3
p := 2 if { 1 == 1 }
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "else3 loops",
    modules: [
      `package test
p := x if { some x in [1, 1]; x > 1 } else := y if { some y in [4, 4] } else := 9
`,
    ],
    want: '{ "p": 4 }',
  },
  {
    name: "else4 conflict in chosen",
    modules: [
      `package test
p := x if { some x in [1, 2] } else := 5
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "complete false then",
    modules: [
      `package test
p := false if { true }
q if { not p }
r if { p == false }
`,
    ],
    want: '{ "p": false, "q": true, "r": true }',
  },
  {
    name: "default",
    modules: [
      `package test
default p := false
p if { input.x }
default q := {"a": [x | some x in [1, 2]]}
q := 3 if input.y
`,
    ],
    want: '{ "p": false, "q": { "a": [ 1, 2 ] } }',
  },
  {
    name: "func patterns",
    modules: [
      `package test
f([x, y], {"k": z}) := x + y + z
f(1, _) := "one"
f(x, x) := "same"
a := f([1, 2], {"k": 3})
b := f(1, 2)
c := f("z", "z")
d := f(1, 1)
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "func default",
    modules: [
      `package test
default f(_) := 7
f(x) := 1 if x > 2
a := [f(3), f(1), f("x")]
`,
    ],
    want: '{ "a": [ 1, 7, 1 ] }',
  },
  {
    name: "func false",
    modules: [
      `package test
f(x) := false if x == 1
f(x) := true if x == 2
a if f(1)
b if f(2)
c if not f(1)
d := [f(1), f(2)]
`,
    ],
    want: '{ "b": true, "c": true, "d": [ false, true ] }',
  },
  {
    name: "func undefined arg",
    modules: [
      `package test
f(x) := 1
a := f(input.nope)
b if not f(input.nope)
`,
    ],
    want: "{}",
  },
  {
    name: "func conflict",
    modules: [
      `package test
f(x) := y if { some y in [1, 2] }
a := f(1)
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "func else",
    modules: [
      `package test
f(x) := "a" if { x > 5 } else := "b" if { x > 3 } else := "c"
a := [f(6), f(4), f(1)]
`,
    ],
    want: '{ "a": [ "a", "b", "c" ] }',
  },
  {
    name: "partial object conflict by key",
    modules: [
      `package test
p[k] := v if { some [k, v] in [["a", 1], ["a", 2], ["b", 3]] }
q := p.b
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "partial object conflict by key var",
    modules: [
      `package test
p[k] := v if { some [k, v] in [["a", 1], ["a", 2], ["b", 3]] }
q := p[x] if { x := "b" }
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "every",
    modules: [
      `package test
a if every x in [] { x > 1 }
b if every x in input.nope { x > 1 }
c if every x in 3 { x > 1 }
d if every k, v in {"a": 1} { k == "a"; v == 1 }
e if every i, v in [1, 2] { v == i + 1 }
f if every x in {1, 2} { some y in [1, 2]; x == y }
g if every x in {1, 3} { some y in [1, 2]; x == y }
h if not hh
hh if every x in [1] { x > 1 }
i if every x in null { x > 1 }
j if every x in "abc" { x }
`,
    ],
    want: '{ "a": true, "d": true, "e": true, "f": true, "h": true }',
  },
  {
    name: "in",
    modules: [
      `package test
a := "a" in "abc"
b := 1 in 3
c if { some x in "abc" }
d := 1 in {"a": 1}
e := "a", 1 in {"a": 1}
f := 0, "x" in ["x"]
g := null in null
h := [1] in [[1]]
i := 1 in {1, 2}
j := 1 in {"a": 2}
`,
    ],
    want: '{ "a": false, "b": false, "d": true, "e": true, "f": true, "g": false, "h": true, "i": true, "j": false }',
  },
  {
    name: "unify a",
    modules: [
      `package test
a := [x, y, z] if { [x, [y, z]] = [[1], [2, 3]] }
`,
    ],
    want: '{ "a": [ [ 1 ], 2, 3 ] }',
  },
  {
    name: "unify b",
    modules: [
      `package test
b := [x, y] if { {"a": x, "b": {"c": y}} = {"a": 1, "b": {"c": 2}} }
`,
    ],
    want: '{ "b": [ 1, 2 ] }',
  },
  {
    name: "unify c",
    modules: [
      `package test
c := x if { y = 3; [x, 1] = [y, 1] }
`,
    ],
    want: '{ "c": 3 }',
  },
  {
    name: "unify f",
    modules: [
      `package test
f := x if { {"a": x} = input.nope }
`,
    ],
    want: "{}",
  },
  {
    name: "unify h",
    modules: [
      `package test
h := x if { [x, x] = [1, 1] }
`,
    ],
    want: '{ "h": 1 }',
  },
  {
    name: "unify i",
    modules: [
      `package test
i := x if { [x, x] = [1, 2] }
`,
    ],
    want: "{}",
  },
  {
    name: "unify j",
    modules: [
      `package test
j := [x, y] if { [[x, y], _] = [[1, 2], 3] }
`,
    ],
    want: '{ "j": [ 1, 2 ] }',
  },
  {
    name: "refs composite",
    modules: [
      `package test
s := {[1, 2], [1, 3], "z"}
o := {"a": {"b": [10, 20]}, "c": 2, {"k": 1}: 5}
a := [y | s[[1, y]]]
b := o[{"k": 1}]
c := [v | v := o.a.b[_]]
d := [k | o[k]]
e := [[k, v] | v := o[k]]
f := s[[1, 2]]
g := o.a.b[1]
ii := [q | o.a.b[q]]
`,
    ],
    want: '{ "a": [ 2, 3 ], "b": 5, "c": [ 10, 20 ], "d": [ "a", "c", { "k": 1 } ], "e": [ [ "a", { "b": [ 10, 20 ] } ], [ "c", 2 ], [ { "k": 1 }, 5 ] ], "f": [ 1, 2 ], "g": 20, "ii": [ 0, 1 ], "o": { "a": { "b": [ 10, 20 ] }, "c": 2, "{\\"k\\":1}": 5 }, "s": [ "z", [ 1, 2 ], [ 1, 3 ] ] }',
  },
  {
    name: "falsy elements",
    modules: [
      `package test
a := [x | some x in [false, null, 0, ""]]
b := count([1 | [false, null, 0][_]])
c := [x | x := [false, true][_]; x]
d := {x | some x in [false, false]}
e := [x | some x; [1,2,3][x]]
`,
    ],
    want: '{ "a": [ false, null, 0, "" ], "b": 2, "c": [ true ], "d": [ false ], "e": [ 0, 1, 2 ] }',
  },
  {
    name: "object comp conflict",
    modules: [
      `package test
a := {k: v | some [k, v] in [["a", 1], ["a", 2]]}
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "object comp ok",
    modules: [
      `package test
a := {k: v | some [k, v] in [["a", 1], ["a", 1], [1, 2], [[1], 3]]}
`,
    ],
    want: '{ "a": { "1": 2, "[1]": 3, "a": 1 } }',
  },
  {
    name: "numbers",
    modules: [
      `package test
a := {1, 1.0, 1e0}
b := {1: "x", 1.0: "y"}
c if 1 == 1.0
d := 0.1 + 0.2
e := 1 / 3
f := 9007199254740993 + 1
g := 1e3
h := [1.0, 1.50, 100000000000000000000]
i := {"a": 1.0} == {"a": 1}
k := 5 % 3
l := -5 % 3
m := 10 / 5
n := 7 / 2
o := 1e400 * 10
`,
    ],
    want: '{ "a": [ 1 ], "b": { "1": "y" }, "c": true, "d": 0.3, "e": 0.33333333333333333334, "f": 9007199254740994, "g": 1e3, "h": [ 1.0, 1.50, 100000000000000000000 ], "i": true, "k": 2, "l": -2, "m": 2, "n": 3.5, "o": 100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 }',
  },
  {
    name: "dyn dispatch",
    query: "data",
    modules: [
      `package a.b
p := 1
q := 2 if false
f(x) := x
r contains 3
`,
      `package a.c
p := 10
`,
      `package test
x := data.a.b.p
y[k] := v if v := data.a[k].p
z[k] := v if v := data.a.b[k]
w := [[k, l] | data.a[k][l]]
v := {k | data.a[k]}
`,
    ],
    data: '{"a": {"b": {"base": 5}, "d": {"p": 77}}, "system": {"x": 1}, "other": [1,2]}',
    want: '{ "a": { "b": { "base": 5, "p": 1, "r": [ 3 ] }, "c": { "p": 10 }, "d": { "p": 77 } }, "other": [ 1, 2 ], "test": { "v": [ "b", "c", "d" ], "w": [ [ "b", "base" ], [ "b", "p" ], [ "b", "r" ], [ "d", "p" ], [ "c", "p" ] ], "x": 1, "y": { "b": 1, "c": 10, "d": 77 }, "z": { "base": 5, "p": 1, "r": [ 3 ] } } }',
  },
  {
    name: "base index",
    modules: [
      `package test
a := data.other[1]
b := data.other[i] if i := 0
c := [x | x := data.other[_]]
d := data.obj["2"]
e := data.obj[2]
f := data.other["1"]
`,
    ],
    data: '{"other": [1,2], "obj": {"2": "two"}}',
    want: '{ "a": 2, "b": 1, "c": [ 1, 2 ], "d": "two", "e": "two", "f": 2 }',
  },
  {
    name: "with1",
    modules: [
      `package test
p := data.x.y
a := res if { res := p with data.x.y as 3 }
b := res if { res := p with data.x as {"y": 4} }
c := res if { res := data.x with data.x.z as 1 }
d := res if { res := q with input as {"v": 1}  }
q := input.v
e := res if { res := [x | x := q with input.v as [1, 2][_]] }
f := res if { res := data.test.q with data.test.q as 9 }
g if { not q with input.v as false }
h := res if { res := input with input.a.b as 1 with input.a.c as 2 }
i := res if { res := input with input as {"a": 1} with input.a.c as 2 }
`,
    ],
    input: '{"a": {"z": 0}, "q": 5}',
    data: '{"x": {"y": 1}}',
    want: '{ "a": 3, "b": 4, "c": { "y": 1, "z": 1 }, "d": 1, "e": [ 1, 2 ], "f": 9, "g": true, "h": { "a": { "b": 1, "c": 2, "z": 0 }, "q": 5 }, "i": { "a": { "c": 2 } }, "p": 1 }',
  },
  {
    name: "with pkg",
    modules: [
      `package foo
r := 1
s contains 2
f(x) := x + 1
`,
      `package test
a := res if { res := data.foo with data.foo as {"z": 1} }
b := res if { res := data.foo.r with data.foo as {"r": 5} }
c := res if { res := data.foo.f(1) with data.foo as {} }
d := res if { res := [k | data.foo[k]] with data.foo as {"z": 1} }
e := res if { res := data.foo with data.foo.z as 1 }
g := res if { res := data.foo.s with data.foo.s as {5} }
`,
    ],
    want: '{ "a": { "z": 1 }, "b": 5, "c": 2, "d": [ "z" ], "e": { "r": 1, "s": [ 2 ], "z": 1 }, "g": [ 5 ] }',
  },
  {
    name: "with pkg iter",
    modules: [
      `package foo
r := 1
s contains 2
`,
      `package test
d := {k | data.foo[k] with data.foo as {"z": 1}}
e := {k | data.foo[k] with data.foo.z as 1}
`,
    ],
    want: '{ "d": [ "z" ], "e": [ "r", "s", "z" ] }',
  },
  {
    name: "mocks",
    modules: [
      `package test
f(x) := x + 1
g(x) := x + 100
a := res if { res := f(1) with f as g }
b := res if { res := f(1) with f as 5 }
c := res if { res := count([1]) with count as g2 }
g2(x) := 42
h(x) := count(x) * 2
d := res if { res := h([1, 2]) with count as 10 }
e := res if { res := h([1, 2]) with count as object_count }
object_count(x) := count(x) + 1000
i := res if { res := [y | some x in [1, 2]; y := f(x) with f as x] }
j if { not f(1) with f as false }
`,
    ],
    want: '{ "a": 101, "b": 5, "c": 42, "d": 20, "e": 2004, "i": [ 1, 2 ], "j": true }',
  },
  {
    name: "walk",
    modules: [
      `package test
o := {"a": [1, {"b": 2}], "c": {3}}
a := [[p, v] | walk(o, [p, v])]
b := {v | walk(o, [["a", 1, "b"], v])}
c := [v | [_, v] := walk(o)[_]]
`,
    ],
    want: '{ "a": [ [ [], { "a": [ 1, { "b": 2 } ], "c": [ 3 ] } ], [ [ "a" ], [ 1, { "b": 2 } ] ], [ [ "a", 0 ], 1 ], [ [ "a", 1 ], { "b": 2 } ], [ [ "a", 1, "b" ], 2 ], [ [ "c" ], [ 3 ] ], [ [ "c", 3 ], 3 ] ], "b": [ 2 ], "c": [ { "b": 2 }, 0, 1, 3 ], "o": { "a": [ 1, { "b": 2 } ], "c": [ 3 ] } }',
  },
  {
    name: "walk2",
    modules: [
      `package test
o := {"a": [1, {"b": 2}], "c": 3}
a := {p | walk(o, [p, 2])}
b := {v | walk(o, [_, v]); is_number(v)}
c if walk(o, [["a"], x])
d := [x | walk(o, x)]
`,
    ],
    want: '{ "a": [ [ "a", 1, "b" ] ], "b": [ 1, 2, 3 ], "c": true, "d": [ [ [], { "a": [ 1, { "b": 2 } ], "c": 3 } ], [ [ "a" ], [ 1, { "b": 2 } ] ], [ [ "a", 0 ], 1 ], [ [ "a", 1 ], { "b": 2 } ], [ [ "a", 1, "b" ], 2 ], [ [ "c" ], 3 ] ], "o": { "a": [ 1, { "b": 2 } ], "c": 3 } }',
  },
  {
    name: "extent",
    query: "data",
    modules: [
      `package a
p := 1
q := 2 if input.no
f(x) := 1
s contains x if { x := 1; x > 1 }
`,
      `package a.b.c
z := 1 if false
`,
      `package e
`,
    ],
    data: '{"a": {"p2": 3, "b": {"k": 1}}}',
    want: '{ "a": { "b": { "c": {}, "k": 1 }, "p": 1, "p2": 3, "s": [] }, "e": {} }',
  },
  {
    name: "refheads",
    modules: [
      `package test
a.b.c := 1
a.b[x].d := y if { some x, y in {"k": 1, "l": 2} }
a.b.k2[z] := z if { z := 5 }
p[x][y] := x + y if { some x in [1, 2]; some y in [3, 4] }
q[x] contains y if { some x in ["a", "b"]; some y in [1, 2] }
r.s.t contains 1
m := p[1][3]
n := q.a
o := [y | q.b[y]]
u := a.b.k.d
v := a.b.c
`,
    ],
    want: '{ "a": { "b": { "c": 1, "k": { "d": 1 }, "k2": { "5": 5 }, "l": { "d": 2 } } }, "m": 4, "n": [ 1, 2 ], "o": [ 1, 2 ], "p": { "1": { "3": 4, "4": 5 }, "2": { "3": 5, "4": 6 } }, "q": { "a": [ 1, 2 ], "b": [ 1, 2 ] }, "r": { "s": { "t": [ 1 ] } }, "u": 1, "v": 1 }',
  },
  {
    name: "refheads conflict",
    modules: [
      `package test
p[x].y := 1 if x := "a"
p.a := 3
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "refheads conflict2",
    modules: [
      `package test
p[x].y := 1 if x := "a"
p.a.y := 3
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "refheads same",
    modules: [
      `package test
p[x].y := 1 if x := "a"
p.a.y := 1
p.b.y := 2
`,
    ],
    want: '{ "p": { "a": { "y": 1 }, "b": { "y": 2 } } }',
  },
  {
    name: "refheads num",
    modules: [
      `package test
p[1] := "one"
p["1"] := "text"
p[true] := "t"
q := p[1]
r := [k | p[k]]
s := p
t[k] := v if v := p[k]
`,
    ],
    want: '{ "p": { "1": "text", "true": "t" }, "q": "one", "r": [ true, 1, "1" ], "s": { "1": "text", "true": "t" }, "t": { "1": "text", "true": "t" } }',
  },
  {
    name: "not nested undefined",
    modules: [
      `package test
f(x) := 1 if x == 5
g(x) := 1 if x == 6
a if not f(g(1))
b if not f(g(6))
c if not count(input.x) == 1
d if not input.x.y.z
e if not [x | x := input.x] == []
`,
    ],
    want: '{ "b": true, "d": true }',
  },
  {
    name: "comprehension closure",
    modules: [
      `package test
xs := [1, 2, 3]
a := [[y | some y in xs; y < x] | some x in xs]
b := {x: n | some x in xs; n := count([y | some y in xs; y <= x])}
c := [x | x := xs[i]; xs[j] == x; i == j]
d := {[x, y] | some x in xs; some y in xs; x < y}
`,
    ],
    want: '{ "a": [ [], [ 1 ], [ 1, 2 ] ], "b": { "1": 1, "2": 2, "3": 3 }, "c": [ 1, 2, 3 ], "d": [ [ 1, 2 ], [ 1, 3 ], [ 2, 3 ] ], "xs": [ 1, 2, 3 ] }',
  },
  {
    name: "order",
    modules: [
      `package test
o := {"b": 1, "a": 2, 10: 3, 9: 4, [1]: 5, {"x": 1}: 6, null: 7, true: 8, "é": 9, "z": 10}
a := [v | v := o[_]]
b := [k | o[k]]
s := {3, "a", null, false, true, [1], {"a": 1}, {1}, 1.5, "B"}
c := [x | some x in s]
d := sort([3, "a", null, {2: 1}, {1: 2}])
`,
    ],
    want: '{ "a": [ 7, 8, 4, 3, 2, 1, 10, 9, 5, 6 ], "b": [ null, true, 9, 10, "a", "b", "z", "é", [ 1 ], { "x": 1 } ], "c": [ null, false, true, 1.5, 3, "B", "a", [ 1 ], { "a": 1 }, [ 1 ] ], "d": [ null, 3, "a", { "1": 2 }, { "2": 1 } ], "o": { "10": 3, "9": 4, "[1]": 5, "a": 2, "b": 1, "null": 7, "true": 8, "z": 10, "{\\"x\\":1}": 6, "é": 9 }, "s": [ null, false, true, 1.5, 3, "B", "a", [ 1 ], { "a": 1 }, [ 1 ] ] }',
  },
  {
    name: "template",
    modules: [
      `package test
a := $"x {input.x} y {input.nope}"
b := $"{[1, "a"]} {{"k": 1}} {1.0} {"s"} {null} {true}"
`,
    ],
    input: '{"x": 3}',
    want: '{ "a": "x 3 y \\u003cundefined\\u003e", "b": "[1, \\"a\\"] {\\"k\\": 1} 1.0 s null true" }',
  },
  {
    name: "notbody",
    modules: [
      `package test
import future.keywords.not
a if not { input.x; input.y }
b if not { some x in [1,2]; x > 1 }
c if not input.x
`,
    ],
    input: '{"x": 1}',
    want: '{ "a": true }',
  },
  {
    name: "andor",
    modules: [
      `package test
import future.keywords.and
import future.keywords.or
a if { input.x == 1 and input.y == 2 }
b if { input.x == 5 or input.y == 2 }
c if { input.x == 5 or input.y == 5 }
d := [x | some x in [1, 2, 3]; x == 1 or x == 3]
`,
    ],
    input: '{"x": 1, "y": 2}',
    want: '{ "a": true, "b": true, "d": [ 1, 3 ] }',
  },
  {
    name: "set ops",
    modules: [
      `package test
a := {1, 2} | {3}
b := {1, 2} & {2, 3}
c := {1, 2} - {2}
d := {x | x := [1, 2, 2][_]} == {2, 1}
e := count({x | x := [1, 2, 2][_]})
`,
    ],
    want: '{ "a": [ 1, 2, 3 ], "b": [ 2 ], "c": [ 1 ], "d": true, "e": 2 }',
  },
  {
    name: "nested with in loop memo",
    modules: [
      `package test
base := input.v * 2
a := res if { res := [x | some v in [1, 2, 3]; x := base with input.v as v] }
b := base
`,
    ],
    input: '{"v": 50}',
    want: '{ "a": [ 2, 4, 6 ], "b": 100, "base": 100 }',
  },
  {
    name: "undefined in composites",
    modules: [
      `package test
a := [1, input.nope]
b := {"a": input.nope}
c := {input.nope}
d := [x | x := input.nope]
e := count([input.nope])
`,
    ],
    want: '{ "d": [] }',
  },
  {
    name: "shadow names",
    modules: [
      `package test
constructor := 1
p["__proto__"] := 2
q := input.constructor
r := input["__proto__"]
s := {"__proto__": 1, "constructor": 2}
t := s.constructor
u := input.toString
v := [k | input[k]]
w := input.length
`,
    ],
    input: '{"constructor": 5, "__proto__": 7, "a": [1]}',
    want: '{ "constructor": 1, "p": { "__proto__": 2 }, "q": 5, "r": 7, "s": { "__proto__": 1, "constructor": 2 }, "t": 2, "v": [ "__proto__", "a", "constructor" ] }',
  },
  {
    name: "strict1",
    strict: true,
    modules: [
      `package test
a := x if { x := to_number("abc") }
b := 1
`,
    ],
    error: "eval_builtin_error",
  },
  {
    name: "strict2 early exit",
    strict: true,
    query: "data.test.p",
    modules: [
      `package test
p if { some x in [1, "a"]; y := to_number(x); y == 1 }
p if { to_number("zz") }
`,
    ],
    want: "true",
  },
  {
    name: "strict3 order",
    strict: true,
    query: "data.test.p",
    modules: [
      `package test
p if { some x in ["b", 1]; y := to_number(x); y == 1 }
`,
    ],
    error: "eval_builtin_error",
  },
  {
    name: "strict4 not",
    strict: true,
    query: "data.test.p",
    modules: [
      `package test
p if { not to_number("x") }
`,
    ],
    error: "eval_builtin_error",
  },
  {
    name: "strict5 div",
    strict: true,
    query: "data.test.p",
    modules: [
      `package test
p := 1 / 0
`,
    ],
    error: "eval_builtin_error",
  },
  {
    name: "lenient div",
    modules: [
      `package test
p := 1 / 0
q if not 1 / 0
`,
    ],
    want: '{ "q": true }',
  },
  {
    name: "v0 set",
    version: "v0",
    modules: [
      `package test
p[x] { x := [1, 2][_] }
q["a"] = 1 { true }
r = x { x := 1 }
s { p[1] }
t { not p[3] }
u { p[_] == 2 }
f(x) = y { y := x }
v = f(3)
w.a { true }
`,
    ],
    want: '{ "p": [ 1, 2 ], "q": { "a": 1 }, "r": 1, "s": true, "t": true, "u": true, "v": 3, "w": [ "a" ] }',
  },
  {
    name: "v0 any",
    version: "v0",
    modules: [
      `package test
a { any([true, false]) }
b { not any([false]) }
c { all([true]) }
d { re_match("a+", "caat") }
e = cast_set([1, 1])
`,
    ],
    want: '{ "a": true, "b": true, "c": true, "d": true, "e": [ 1 ] }',
  },
  {
    name: "imports",
    modules: [
      `package test
import data.lib
import data.lib.x as y
import input.foo as foo
a := lib.x
b := y
c := foo.bar
d := lib.f(2)
`,
      `package lib
x := 5
f(z) := z * x
`,
    ],
    input: '{"foo": {"bar": 1}}',
    want: '{ "a": 5, "b": 5, "c": 1, "d": 10 }',
  },
  {
    name: "object key vars",
    modules: [
      `package test
k := "key"
a := {k: 1, "b": {k: 2}}
c := {x: y | some x in ["a", "b"]; y := concat("", [x, k])}
d := {"a": 1, "a": 2}
`,
    ],
    want: '{ "a": { "b": { "key": 2 }, "key": 1 }, "c": { "a": "akey", "b": "bkey" }, "d": { "a": 2 }, "k": "key" }',
  },
  {
    name: "nested loops with break",
    modules: [
      `package test
pairs contains [i, j] if { some i, x in ["a", "b"]; some j, y in ["b", "a"]; x == y }
anyp if { some i, j; ["a", "b"][i] == ["b", "c"][j] }
firsts := [x | some x in [3, 1, 2]; not x == 1]
`,
    ],
    want: '{ "anyp": true, "firsts": [ 3, 2 ], "pairs": [ [ 0, 1 ], [ 1, 0 ] ] }',
  },
  {
    name: "some in patterns",
    modules: [
      `package test
a := [x | some [x, "k"] in [[1, "k"], [2, "j"]]]
b := [x | some {"v": x} in [{"v": 1}, {"v": 2, "w": 3}]]
c := [[k, v] | some k, v in {"a": 1, "b": 2}]
d := [[k, v] | some k, v in {1, 2}]
e := {k | some k, 1 in {"a": 1, "b": 2}}
f := [i | some i, _ in ["x", "y"]]
`,
    ],
    want: '{ "a": [ 1 ], "b": [ 1 ], "c": [ [ "a", 1 ], [ "b", 2 ] ], "d": [ [ 1, 1 ], [ 2, 2 ] ], "e": [ "a" ], "f": [ 0, 1 ] }',
  },
  {
    name: "every scoping",
    modules: [
      `package test
x := 3
a if { every y in [1, 2] { y < x } }
b if { some z in [5]; every y in [1, 2] { y < z } }
c := [z | some z in [1, 5]; every y in [1, 2] { y < z }]
`,
    ],
    want: '{ "a": true, "b": true, "c": [ 5 ], "x": 3 }',
  },
  {
    name: "call chains",
    modules: [
      `package test
a := upper(concat("-", [x | some x in ["a", "b"]]))
ccc := 1
b := count(split("a,b,c", ","))
c := sum([y | some x in numbers.range(1, 3); y := x * 2])
d := object.get({"a": {"b": 1}}, ["a", "b"], 0)
e := array.concat([1], [2])[1]
f := json.unmarshal("{\\"a\\": [1]}").a[0]
g := sprintf("%v %d %s", [[1, "a"], 2, "x"])
h := sort({3, 1})[0]
`,
    ],
    want: '{ "a": "A-B", "b": 3, "c": 12, "ccc": 1, "d": 1, "e": 2, "f": 1, "g": "[1, \\"a\\"] 2 x", "h": 1 }',
  },
  {
    name: "refs on calls",
    modules: [
      `package test
f(x) := {"a": [x, x + 1]}
a := f(1).a[1]
b := [y | y := f(2).a[_]]
d if f(1).a[i] == 2
`,
    ],
    want: '{ "a": 2, "b": [ 2, 3 ], "d": true }',
  },
  {
    name: "set of sets order",
    modules: [
      `package test
a := [x | some x in {{2, 1}, {1}, {3}}]
b := {[1], [0, 5]}
c := max({[1], [0, 5]})
`,
    ],
    want: '{ "a": [ [ 1 ], [ 1, 2 ], [ 3 ] ], "b": [ [ 0, 5 ], [ 1 ] ], "c": [ 1 ] }',
  },
  {
    name: "partial obj with composite value",
    modules: [
      `package test
p[k] := {"v": v} if some k, v in {"a": 1}
q := p.a.v
r := [v | v := p[_].v]
s[x] := y if { some x in [1, 2]; y := {z | z := x} }
`,
    ],
    want: '{ "p": { "a": { "v": 1 } }, "q": 1, "r": [ 1 ], "s": { "1": [ 1 ], "2": [ 2 ] } }',
  },
  {
    name: "partial set of objects",
    modules: [
      `package test
p contains {"a": x, "b": y} if { some x in [1, 2]; y := x * 2 }
q := [z.b | some z in p]
r if p[{"a": 1, "b": 2}]
s if {"a": 1, "b": 2} in p
t if p[{"a": 1, "b": y}]
u := y if p[{"a": 1, "b": y}]
`,
    ],
    want: '{ "p": [ { "a": 1, "b": 2 }, { "a": 2, "b": 4 } ], "q": [ 2, 4 ], "r": true, "s": true, "t": true, "u": 2 }',
  },
  {
    name: "in unify head",
    modules: [
      `package test
p[[a, b]] := c if { [a, b, c] := [1, 2, 3] }
q := p[[1, 2]]
r := [k | p[k]]
`,
    ],
    want: '{ "p": { "[1,2]": 3 }, "q": 3, "r": [ [ 1, 2 ] ] }',
  },
  {
    name: "data ref with var pkg",
    modules: [
      `package a.one
v := 1
f(x) := x
`,
      `package a.two
v := 2
`,
      `package test
p := {k: v | v := data.a[k].v}
q := data.a[x].v if { x := "two" }
r := [v | some k in ["one", "three", "two"]; v := data.a[k].v]
s := data.a["one"].v
t := data[x].one.v if { x := "a" }
u := {x | data[x].one.v == 1}
`,
    ],
    want: '{ "p": { "one": 1, "two": 2 }, "q": 2, "r": [ 1, 2 ], "s": 1, "t": 1, "u": [ "a" ] }',
  },
  {
    name: "recursion-ish siblings",
    modules: [
      `package foo.a
p := 1
`,
      `package foo.b
p := data.foo.a.p + 1
q := [k | data.foo[k].p; k != "b"] if false
`,
      `package test
x := data.foo[k].p if { k := "b" }
`,
    ],
    want: '{ "x": 2 }',
  },
  {
    name: "with function closure",
    modules: [
      `package test
f(x) := x + input.d
a := res if { res := f(1) with input.d as 5 }
b := res if { res := [f(y) | some y in [1, 2]] with input.d as 10 }
c := res if { res := {k: v | some k, v in {"z": f(3)}} with input.d as 1 }
`,
    ],
    want: '{ "a": 6, "b": [ 11, 12 ], "c": { "z": 4 } }',
  },
  {
    name: "with mock builtin transitively",
    query: "data.test.a1",
    modules: [
      `package test
now := time.now_ns()
a1 := res if { res := now with time.now_ns as 5 }
b := x if { x := now with time.now_ns as f }
f() := 9 if false
`,
    ],
    want: "5",
  },
  {
    name: "with mock http",
    modules: [
      `package other
r := http.send({"url": "x", "method": "get"})
`,
      `package test
a := res if { res := data.other.r.body with http.send as {"body": 1} }
g(req) := {"body": req.url}
b := res if { res := data.other.r.body with http.send as g }
`,
    ],
    want: '{ "a": 1, "b": "x" }',
  },
  {
    name: "with rule memo",
    modules: [
      `package test
p := input.x
a := [p, q, r] if { q := p with input.x as 2; r := p with input.x as 3 }
`,
    ],
    input: '{"x": 1}',
    want: '{ "a": [ 1, 2, 3 ], "p": 1 }',
  },
  {
    name: "with on undefined input",
    modules: [
      `package test
p := input
a := res if { res := p with input as 5 }
b := res if { res := p with input.a.b as 5 }
c if { not input }
d := res if { res := p with input[0] as 5 }
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "with array target",
    modules: [
      `package test
p := input
a := res if { res := p with input.a as 5 }
`,
    ],
    input: "[1, 2]",
    want: '{ "a": { "a": 5 }, "p": [ 1, 2 ] }',
  },
  {
    name: "with data builtin precedence",
    modules: [
      `package test
p := data.x
a := res if { res := p with data.x.y.z as 1 with data.x.y.w as 2 }
b := res if { res := p with data.x.y.z as 1 with data.x.y as 2 }
`,
    ],
    data: '{"x": {"y": 5, "q": 1}}',
    want: '{ "a": { "q": 1, "y": { "w": 2, "z": 1 } }, "b": { "q": 1, "y": 2 }, "p": { "q": 1, "y": 5 } }',
  },
  {
    name: "neg numbers and unary",
    modules: [
      `package test
a := -1
b := [-1.5, -0]
c := -input.x
d := 3 - -2
`,
    ],
    input: '{"x": 4}',
    want: '{ "a": -1, "b": [ -1.5, -0 ], "c": -4, "d": 5 }',
  },
  {
    name: "json number texts",
    modules: [
      `package test
a := input
b := input.a + 0
c := {input.a: 1}
d := input.big + 1
e := sprintf("%v", [input.a])
f := input.a == 1
g := [x | x := input[_]]
h := json.marshal(input)
`,
    ],
    input: '{"a": 1.0, "big": 123456789012345678901234567890, "c": 1e2, "d": 0.10}',
    want: '{ "a": { "a": 1.0, "big": 123456789012345678901234567890, "c": 1e2, "d": 0.10 }, "b": 1, "c": { "1.0": 1 }, "d": 123456789012345678901234567891, "e": "1", "f": true, "g": [ 1.0, 123456789012345678901234567890, 1e2, 0.10 ], "h": "{\\"a\\":1.0,\\"big\\":123456789012345678901234567890,\\"c\\":1e2,\\"d\\":0.10}" }',
  },
  {
    name: "complete doc same value numbers",
    modules: [
      `package test
p := 1 if true
p := 1.0 if true
q := 1.0 if true
q := 1 if true
`,
    ],
    want: '{ "p": 1, "q": 1.0 }',
  },
  {
    name: "func early exit conflict",
    modules: [
      `package test
f(x) := 1 if x > 0
f(x) := 2 if x > 5
a := f(1)
b := f(6)
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "chained else false",
    modules: [
      `package test
p := false if { true } else := true
q := p
r if { p } else := "else"
`,
    ],
    want: '{ "p": false, "q": false, "r": "else" }',
  },
  {
    name: "rule with ref to itself pkg",
    modules: [
      `package test
p.a := 1
p.b := p2
p2 := 5
q := p
r := [k | p[k]]
s := count(p)
`,
    ],
    want: '{ "p": { "a": 1, "b": 5 }, "p2": 5, "q": { "a": 1, "b": 5 }, "r": [ "a", "b" ], "s": 2 }',
  },
  {
    name: "var in multiple",
    modules: [
      `package test
a contains x if { x := {"a", "b"}[_] }
a contains y if { y = input.z[_] }
b := count(a)
c := [x | a[x]]
d if a["a"]
e if not a["q"]
f := [x | x := a[_]; not startswith(x, "a")]
`,
    ],
    input: '{"z": ["c"]}',
    want: '{ "a": [ "a", "b", "c" ], "b": 3, "c": [ "a", "b", "c" ], "d": true, "e": true, "f": [ "b", "c" ] }',
  },
  {
    name: "str compare",
    modules: [
      `package test
a := ["a" < "b", "Z" < "a", "é" > "z", "a" < "aa", 10 < 9, "10" < "9"]
b := sort(["\\uffff", "\\u00e9", "z", "a😀", "a\\uffff"])
`,
    ],
    want: '{ "a": [ true, true, true, true, false, true ], "b": [ "a￿", "a😀", "z", "é", "￿" ] }',
  },
  {
    name: "null handling",
    modules: [
      `package test
a := input.n
b if input.n == null
c if input.n
d := [x | x := input.n]
e := is_null(input.n)
f := input.n.x
g if not input.n.x
`,
    ],
    input: '{"n": null}',
    want: '{ "a": null, "b": true, "c": true, "d": [ null ], "e": true, "g": true }',
  },
  {
    name: "print erased",
    modules: [
      `package test
a if { print("x", input.nope); true }
`,
    ],
    want: '{ "a": true }',
  },
  {
    name: "assign destruct",
    modules: [
      `package test
a := b if { [z, b] := [1, 2] }
c := d if { {"x": [d, g]} := {"x": [7, 8]} }
e := f if { [f, _] := input.arr }
`,
    ],
    want: '{ "a": 2, "c": 7 }',
  },
  {
    name: "multi value conflicts",
    modules: [
      `package test
p := x if { x := [1, 2][_] }
`,
    ],
    error: "eval_conflict_error",
  },
  {
    name: "ref heads sets merged",
    modules: [
      `package test
p.q contains 1
p.q contains 2
p.r.s := 1
a := p
b := p.q
c := [x | p.q[x]]
`,
    ],
    want: '{ "a": { "q": [ 1, 2 ], "r": { "s": 1 } }, "b": [ 1, 2 ], "c": [ 1, 2 ], "p": { "q": [ 1, 2 ], "r": { "s": 1 } } }',
  },
  {
    name: "var key partial, multi level iteration",
    modules: [
      `package test
p[x][y] contains z if { some x in ["a", "b"]; some y in ["c"]; some z in [1, 2] }
a := [z | p.a.c[z]]
b := {x | p[x].c[1]}
c := [[x, y, z] | p[x][y][z]]
d := count(p.a)
`,
    ],
    want: '{ "a": [ 1, 2 ], "b": [ "a", "b" ], "c": [ [ "a", "c", 1 ], [ "a", "c", 2 ], [ "b", "c", 1 ], [ "b", "c", 2 ] ], "d": 1, "p": { "a": { "c": [ 1, 2 ] }, "b": { "c": [ 1, 2 ] } } }',
  },
  {
    name: "array slices etc",
    modules: [
      `package test
a := array.slice([1,2,3], 1, 3)
b := [1,2,3][count([1])]
c := {"a": [1, {"b": 2}]}.a[1].b
d := [[1,2],[3]][i][j] if { i := 0; j := 1 }
e := {x | x := [[1,2],[3]][_][_]}
`,
    ],
    want: '{ "a": [ 2, 3 ], "b": 2, "c": 2, "d": 2, "e": [ 1, 2, 3 ] }',
  },
  {
    name: "join arrays",
    modules: [
      `package test
p contains r.id if { some r in data.roles; r.name == input.role }
q contains i if { data.roles[i].name == input.role }
o[i] := r.id if { r := data.roles[i]; r.name == input.role; r.id > 1 }
n if { not none }
none if { some r in data.roles; r.name == "zzz" }
a := [r.id | some r in data.roles; r.name == input.role]
s := {r.id | some r in data.roles; r.name == input.role}
m contains [k, j] if { v := data.roles[k].members[j]; v == input.user }
c := count({r | r := data.roles[_]; r.name == input.role})
e if every x in ["a", "b"] { some r in data.roles; r.name == x }
w := x if { x := s with data.roles as [{"name": "a", "id": 77}] }
u contains r.id if { some r in data.roles; r.name == input.nope }
v contains r.id if { some r in data.roles; r.name == r.alias }
`,
    ],
    input: '{"role": "a", "user": "u1"}',
    data: '{"roles": [{"name": "a", "id": 1, "members": ["u1", "u2"], "alias": "a"}, {"name": "b", "id": 2, "members": ["u1"]}, {"name": "a", "id": 3, "members": []}, {"id": 4}, 5, null]}',
    want: '{ "a": [ 1, 3 ], "c": 2, "e": true, "m": [ [ 0, 0 ], [ 1, 0 ] ], "n": true, "o": { "2": 3 }, "p": [ 1, 3 ], "q": [ 0, 2 ], "s": [ 1, 3 ], "u": [], "v": [ 1 ], "w": [ 77 ] }',
  },
  {
    name: "join numbers and composites",
    modules: [
      `package test
p contains k if { some k; data.x[k].v == input.v }
q contains k if { some k; data.x[k].v == {"a": 1.0} }
r contains k if { some k; data.x[k].v == 1 }
s contains k if { some k; data.x[k].v == null }
t contains k if { some k; data.x[k].v == false }
`,
    ],
    input: '{"v": 1.0}',
    data: '{"x": {"a": {"v": 1}, "b": {"v": 1.0}, "c": {"v": {"a": 1}}, "d": {"v": null}, "e": {"v": false}, "f": {"v": "1"}, "g": {"v": 10e-1}}}',
    want: '{ "p": [ "a", "b", "g" ], "q": [ "c" ], "r": [ "a", "b", "g" ], "s": [ "d" ], "t": [ "e" ] }',
  },
  {
    name: "join ingress",
    modules: [
      `package test
identical(obj, review) if {
  obj.metadata.namespace == review.metadata.namespace
  obj.metadata.name == review.metadata.name
}
violation contains msg if {
  host := input.object.spec.rules[_].host
  other := data.inventory.namespace[_][otherapiversion]["Ingress"][name]
  regex.match("^networking", otherapiversion)
  other.spec.rules[_].host == host
  not identical(other, input.object)
  msg := sprintf("%v %v", [name, host])
}
`,
    ],
    input:
      '{"object": {"metadata": {"name": "a", "namespace": "n1"}, "spec": {"rules": [{"host": "h1"}, {"host": "h2"}]}}}',
    data: '{"inventory": {"namespace": {"n1": {"networking/v1": {"Ingress": {"a": {"metadata": {"name": "a", "namespace": "n1"}, "spec": {"rules": [{"host": "h1"}]}}, "b": {"metadata": {"name": "b", "namespace": "n1"}, "spec": {"rules": [{"host": "h2"}, {"host": "h1"}]}}}}, "extensions": {"Ingress": {"c": {"spec": {"rules": [{"host": "h1"}]}}}}}, "n2": {"networking/v1": {"Pod": {}}}}}}',
    want: '{ "violation": [ "b h1", "b h2" ] }',
  },
  {
    name: "join within not and key bound later",
    modules: [
      `package test
p contains ns if {
  some ns
  obj := data.ns[ns]
  lbl := input.lbl
  obj.labels[lbl] == "x"
}
q if not dup
dup if { some a; data.ns[a].name == input.name; a != input.self }
r contains [a, b] if { data.ns[a].name == "one"; data.ns[b].name == data.ns[a].name }
`,
    ],
    input: '{"lbl": "k", "name": "one", "self": "a"}',
    data: '{"ns": {"a": {"name": "one", "labels": {"k": "x"}}, "b": {"name": "two", "labels": {"k": "y"}}, "c": {"name": "one"}}}',
    want: '{ "dup": true, "p": [ "a" ], "r": [ [ "a", "a" ], [ "a", "c" ], [ "c", "a" ], [ "c", "c" ] ] }',
  },
  {
    name: "big index rules",
    modules: [
      `package test
allow if { input.m == "a" }
allow if { input.m == "b"; input.n == 1 }
allow if { input.m == "c" }
allow if { input.m == "d" }
allow if { input.m == "e" }
allow if { input.m == 1 }
allow if { input.m == 2.0 }
allow if { input.m == null }
allow if { input.m == false }
allow if { input.o == "x" }
lvl := 1 if { input.m == "a" }
lvl := 2 if { input.m == "b" }
lvl := 3 if { input.m == "c" }
lvl := 4 if { input.m == "d" }
lvl := 5 if { input.m == "e" }
lvl := 6 if { input.m == "f" }
lvl := 7 if { input.m == "g" }
lvl := 8 if { input.m == "h" }
lvl := 9 if { input.m == "i" }
f("a", x) := x
f("b", x) := x + 1
f("c", x) := x + 2
f("d", x) := x + 3
f("e", x) := x + 4
f("f", x) := x + 5
f("g", x) := x + 6
f("h", x) := x + 7
f("i", x) := x + 8
default f(_, _) := 100
r := [f("b", 1), f("z", 1), f("i", 1), f(3, 1)]
`,
    ],
    input: '{"m": "b", "n": 1}',
    want: '{ "allow": true, "lvl": 2, "r": [ 2, 100, 9, 100 ] }',
  },
  {
    name: "v0 library like",
    version: "v0",
    modules: [
      `package test
violation[{"msg": msg, "details": {"missing_labels": missing}}] {
  provided := {label | input.review.object.metadata.labels[label]}
  required := {label | label := input.parameters.labels[_].key}
  missing := required - provided
  count(missing) > 0
  def_msg := sprintf("you must provide labels: %v", [missing])
  msg := get_message(input.parameters, def_msg)
}
get_message(parameters, _default) = msg {
  not parameters.message
  msg := _default
}
get_message(parameters, _default) = msg {
  msg := parameters.message
}
has_field(object, field) = true {
  object[field]
}
has_field(object, field) = true {
  object[field] == false
}
x = has_field({"a": false}, "a")
`,
    ],
    input:
      '{"review": {"object": {"metadata": {"labels": {"a": "1"}}}}, "parameters": {"labels": [{"key": "b"}, {"key": "a"}]}}',
    want: '{ "violation": [ { "details": { "missing_labels": [ "b" ] }, "msg": "you must provide labels: {\\"b\\"}" } ], "x": true }',
  },
];
