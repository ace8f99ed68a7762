/** What OPA 1.22.2 answers to calls: the value as Rego text, or the code and message of the error. */
export const templateFacts: readonly (readonly [call: string, answer: string])[] = [
  ['strings.render_template("hello {{.name}}!",{"name": "x"})', '"hello x!"'],
  [
    'strings.render_template("{{range $i, $n := .l}}{{if $i}},{{end}}{{$i}}={{$n}}{{end}}",{"l": ["a", "b"]})',
    '"0=a,1=b"',
  ],
  ['strings.render_template("{{range .l}}{{.}};{{else}}none{{end}}",{"l": []})', '"none"'],
  ['strings.render_template("{{range $k,$v := .m}}{{$k}}:{{$v}} {{end}}",{"m": {"b": 1, "a": 2}})', '"a:2 b:1 "'],
  ['strings.render_template("{{.a.b.c}}",{"a": {"b": {"c": 1.5}}})', '"1.5"'],
  [
    'strings.render_template("{{.a.b.c}}",{"a": 1})',
    'eval_builtin_error: strings.render_template: template: template:1:4: executing "template" at <.a.b.c>: can\'t evaluate field b in type interface {}',
  ],
  ['strings.render_template("{{.a.b.c}}",{})', '"<undefined>"'],
  [
    'strings.render_template("{{.a.b}}",{"a": null})',
    'eval_builtin_error: strings.render_template: template: template:1:4: executing "template" at <.a.b>: nil pointer evaluating interface {}.b',
  ],
  ['strings.render_template("{{with .x}}{{.y}}{{else}}no{{end}}",{"x": {"y": 5}})', '"5"'],
  ['strings.render_template("{{with .x}}a{{else with .z}}b{{.}}{{end}}",{"z": 5})', '"b5"'],
  ['strings.render_template("{{if .a}}1{{else if .b}}2{{else}}3{{end}}",{"b": true})', '"2"'],
  [
    'strings.render_template("{{if and .a .b}}y{{end}}{{if or .a .b}}z{{end}}{{not .a}}",{"a": "", "b": "q"})',
    '"ztrue"',
  ],
  [
    'strings.render_template("{{len .l}} {{index .l 1}} {{index .m \\"k\\"}} {{slice .s 1 3}}",{"l": [1, 2], "m": {"k": "v"}, "s": "abcdef"})',
    '"2 2 v bc"',
  ],
  [
    'strings.render_template("{{index .l 5}}",{"l": [1]})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <index .l 5>: error calling index: index out of range: 5',
  ],
  [
    'strings.render_template("{{index .m 1}}",{"m": {}})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <index .m 1>: error calling index: value has type int; should be string',
  ],
  ['strings.render_template("{{printf \\"%s-%d-%v\\" .s 5 .n}}",{"s": "a", "n": 7})', '"a-5-7"'],
  ['strings.render_template("{{print 1 2 \\"a\\" \\"b\\" 3}} {{println 1 \\"x\\"}}",{})', '"1 2ab3 1 x\\n"'],
  [
    'strings.render_template("{{.s | html}} {{.s | js}} {{.s | urlquery}}",{"s": "<a href=\'x\'>&\\"\\u00e9\\n"})',
    '"&lt;a href=&#39;x&#39;&gt;&amp;&#34;\u00e9\\n \\\\u003Ca href\\\\u003D\\\\\'x\\\\\'\\\\u003E\\\\u0026\\\\\\"\u00e9\\\\u000A %3Ca+href%3D%27x%27%3E%26%22%C3%A9%0A"',
  ],
  [
    'strings.render_template("{{eq .a \\"x\\"}} {{ne .a \\"x\\"}} {{lt 1 2}} {{le 2 2}} {{gt \\"b\\" \\"a\\"}} {{ge 1.5 1.5}}",{"a": "x"})',
    '"true false true true true true"',
  ],
  [
    'strings.render_template("{{eq .n 1}}",{"n": 1})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <eq .n 1>: error calling eq: incompatible types for comparison: json.Number and int',
  ],
  ['strings.render_template("{{eq .n \\"1\\"}}",{"n": 1})', '"true"'],
  ['strings.render_template("{{eq 1 2 3 1}}",{})', '"true"'],
  [
    'strings.render_template("{{define \\"t\\"}}[{{.}}]{{end}}{{template \\"t\\" .x}}{{template \\"t\\"}}",{"x": 3})',
    '"[3][<undefined>]"',
  ],
  ['strings.render_template("{{block \\"b\\" .x}}<{{.}}>{{end}}",{"x": 3})', '"<3>"'],
  [
    'strings.render_template("{{template \\"nope\\"}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1:11: executing "template" at <{{template "nope"}}>: template "nope" not defined',
  ],
  ['strings.render_template("a {{- .x -}} b",{"x": 1})', '"a1b"'],
  ['strings.render_template("a\\n{{/* c */}}\\nb {{- /* d */ -}} c",{})', '"a\\n\\nbc"'],
  ['strings.render_template("{{$x := 5}}{{$x}}{{$x = 6}}{{$x}}",{})', '"56"'],
  [
    'strings.render_template("{{if true}}{{$y := 1}}{{end}}{{$y}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1: undefined variable "$y"',
  ],
  [
    'strings.render_template("{{range $i := .l}}{{if eq $i \\"b\\"}}{{break}}{{end}}{{$i}}{{end}}",{"l": ["a", "b", "c"]})',
    '"a"',
  ],
  [
    'strings.render_template("{{range .l}}{{if eq . \\"b\\"}}{{continue}}{{end}}{{.}}{{end}}",{"l": ["a", "b", "c"]})',
    '"ac"',
  ],
  ['strings.render_template("{{range 3}}{{.}}{{end}}",{})', '"012"'],
  [
    'strings.render_template("{{range .n}}x{{end}}",{"n": 3})',
    'eval_builtin_error: strings.render_template: template: template:1:8: executing "template" at <.n>: range can\'t iterate over 3',
  ],
  [
    'strings.render_template("{{.m}} {{.l}} {{.n}} {{.b}}",{"m": {"b": [1, null], "a": "x"}, "l": ["q", {"z": 1}], "n": null, "b": true})',
    '"map[a:x b:[1 <nil>]] [q map[z:1]] <undefined> true"',
  ],
  ['strings.render_template("{{(index .l 0).a}}",{"l": [{"a": 9}]})', '"9"'],
  ['strings.render_template("{{.}}",{"a": 1})', '"map[a:1]"'],
  ['strings.render_template("{{$}}",{"a": 1})', '"map[a:1]"'],
  ['strings.render_template("{{$.a}}{{range .l}}{{$.a}}{{end}}",{"a": 1, "l": [1, 2]})', '"111"'],
  [
    'strings.render_template("{{",{})',
    "eval_builtin_error: strings.render_template: template: template:1: unclosed action",
  ],
  [
    'strings.render_template("{{.a",{})',
    "eval_builtin_error: strings.render_template: template: template:1: unclosed action",
  ],
  [
    'strings.render_template("{{end}}",{})',
    "eval_builtin_error: strings.render_template: template: template:1: unexpected {{end}}",
  ],
  [
    'strings.render_template("{{if .a}}",{})',
    "eval_builtin_error: strings.render_template: template: template:1: unexpected EOF",
  ],
  [
    'strings.render_template("{{foo}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1: function "foo" not defined',
  ],
  [
    'strings.render_template("{{.a | foo}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1: function "foo" not defined',
  ],
  [
    'strings.render_template("{{nil}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <nil>: nil is not a command',
  ],
  [
    'strings.render_template("{{}}",{})',
    "eval_builtin_error: strings.render_template: template: template:1: missing value for command",
  ],
  [
    'strings.render_template("{{.a .b}}",{"a": 1, "b": 2})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <.a>: a is not a method but has arguments',
  ],
  [
    'strings.render_template("{{5 .b}}",{"b": 2})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <5>: can\'t give argument to non-function 5',
  ],
  [
    'strings.render_template("{{not}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <not>: wrong number of args for not: want 1 got 0',
  ],
  [
    'strings.render_template("{{len 5}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1:2: executing "template" at <len 5>: error calling len: len of type int',
  ],
  [
    'strings.render_template("{{\\"a\\\\tb\\\\u00e9\\"}}{{`raw\\\\n`}}{{\'a\'}}{{0x1F}}{{1e3}}{{-5}}{{1_000}}",{})',
    '"a\\tb\u00e9raw\\\\n97311000-51000"',
  ],
  ['strings.render_template("{{ .a}}{{.b }}",{"a": 1, "b": 2})', '"12"'],
  ['strings.render_template("{{if eq .x nil}}n{{end}}",{})', '"n"'],
  [
    'strings.render_template("{{$x}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1: undefined variable "$x"',
  ],
  ['strings.render_template("{{printf \\"%d\\" .n}}",{"n": 1})', '"%!d(json.Number=1)"'],
  ['strings.render_template("{{.a.b}} {{.a.c}}",{"a": {"b": "<no value>"}})', '"<undefined> <undefined>"'],
  ['strings.render_template("{{and 1 0 2}} {{or 0 \\"\\" \\"z\\"}} {{and true}}",{})', '"0 z true"'],
  ['strings.render_template("{{1 | printf \\"%d-%d\\" 2}}",{})', '"2-1"'],
  [
    'strings.render_template("{{break}}",{})',
    "eval_builtin_error: strings.render_template: template: template:1: {{break}} outside {{range}}",
  ],
  [
    'strings.render_template("{{if .a}}x{{else}}y{{else}}z{{end}}",{})',
    "eval_builtin_error: strings.render_template: template: template:1: expected end; found {{else}}",
  ],
  [
    'strings.render_template("{{.a}b}}",{})',
    "eval_builtin_error: strings.render_template: template: template:1: bad character U+007D '}'",
  ],
  [
    'strings.render_template("{{/* x }}",{})',
    "eval_builtin_error: strings.render_template: template: template:1: unclosed comment",
  ],
  [
    'strings.render_template("{{#}}",{})',
    'eval_builtin_error: strings.render_template: template: template:1: unexpected "#" in command',
  ],
  ['strings.render_template("no actions",{})', '"no actions"'],
  ['strings.render_template("",{})', '""'],
  [
    "strings.render_template(1,{})",
    "eval_type_error: strings.render_template: operand 1 must be string but got number",
  ],
  [
    'strings.render_template("a",[])',
    "eval_type_error: strings.render_template: operand 2 must be object but got array",
  ],
  [
    'strings.render_template("{{.a}}",{"a":{1,2}})',
    "eval_builtin_error: strings.render_template: invalid character '1' looking for beginning of object key string",
  ],
  [
    'strings.render_template("{{.a}}",{1:2})',
    "eval_builtin_error: strings.render_template: invalid character '1' looking for beginning of object key string",
  ],
];
