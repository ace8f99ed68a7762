/**
 * What OPA 1.22.2 answers on the command line, to the byte: files, and for each line the status, what stands on standard
 * output and what on standard error. `portcullis rego` is to answer the same.
 */
export const files: Readonly<Record<string, string>> = {
  "p/ok.rego":
    'package a\n\np contains x if { some x in input.xs }\nq := 1\nf(x) := x + 1\nm := {"a": {"b": "<x>"}}\nr if { print("hello", input); true }\nbad := 1 / 0\n',
  "p/unsafe.rego": "package a\n\np if { x := 1; y == 2 }\nq if { r }\n",
  "bad/eof.rego": "package b\np { true }\nfoo(\n",
  "bad/string.rego": 'package a\np if { "abc',
  "bad/empty.rego": "",
  "v0/v0.rego": 'package v\n\ndeny[msg] { input.x == 1; msg := "a" }\n',
  "in.json": '{"xs": [1,2,3], "s": "hé"}',
  "data.yaml": "n: {k: [1, 2.50]}\n",
  "conflict.json": '{"n": 1}',
  "annotated.rego":
    "# METADATA\n# title: A package\n# description: of rules\npackage a.b\n\nimport data.c\n\n# METADATA\n# title: A rule\n# entrypoint: true\np := c.x\n",
  "tree.rego":
    'package p\nimport input.x as y\n# c\ndefault z := {1, "a"}\nf(a, [b]) := [a | not a; b = {"k": $"x{1}"}[_]] if {\n\tsome q, r in input\n\tevery k, v in q { v > 1 with input.a as 2 }\n\tsome s\n\ts == -1\n\tnot { x }\n} else := 3\nr.s[t] contains u if { u := t }\n',
  "notes.rego":
    '# METADATA\n# description: no title\n# organizations: [Acme, "Two Words"]\npackage a.b\n\n# METADATA\n# title: Long\n# schemas:\n# - input: schema.in\n# - data.x: {"type": "string"}\n# related_resources:\n# - https://a.example\n# - ref: https://b.example/x\n#   description: what there is, told at such a length that it does not fit into a line of the page\n# authors: [me <me@x.example>, name: you]\n# custom:\n#   k: [1, {z: 1, a: 2}]\nr[x].y contains 1 if x := 2\n\n# METADATA\n# scope: document\na.c := unknown.f(1) if z\n',
  "wrong.rego": 'package w\n\np if 1 == "a"\n',
  "percent.rego": 'package p\n\nx := "100% of %v, 5%"\n',
  "t/q.rego":
    'package q\n\ndefault allow := false\n\nallow if input.x\n\ndeny contains msg if {\n\tsome x in input.xs\n\tnot x in {1, 2}\n\tmsg := sprintf("%v", [x])\n}\n\nf(x) := "a" if {\n\tx > 3\n} else := "b" if {\n\tx > 2\n} else := "c"\n\ng := [y | some y in input.xs; y > 1]\n\nh if every z in input.xs {\n\tz > 0\n}\n',
  "t/q_test.rego":
    'package q_test\n\nimport data.q\n\ntest_1 if not q.allow with input as {"x": false}\ntest_2 if q.allow with input as {"x": true}\ntest_deny if count(q.deny) == 1 with input as {"xs": [1, 2, 3]}\ntest_f if q.f(3) == "b"\ntest_g if q.g == [2] with input.xs as [1, 2]\ntest_h if q.h with input.xs as [1, 2]\ntest_n[a][b] if {\n\tsome a in ["x", "y"]\n\tsome b in [1, 2]\n\ttrue\n}\n',
  "t/failing/f_test.rego": "package f_test\n\ntest_no if 1 == 2\n\ntodo_test_later if true\n",
};

/** A command line, and what came of it. */
export interface CommandCase {
  readonly argv: readonly string[];
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** The lines. */
export const cases: readonly CommandCase[] = [
  {
    argv: ["check", "p/ok.rego"],
    status: 0,
    out: "",
    error: "",
  },
  {
    argv: ["check", "p/unsafe.rego"],
    status: 1,
    out: "",
    error:
      "2 errors occurred:\np/unsafe.rego:3: rego_unsafe_var_error: var y is unsafe\np/unsafe.rego:4: rego_unsafe_var_error: var r is unsafe\n",
  },
  {
    argv: ["check", "p"],
    status: 1,
    out: "",
    error: "1 error occurred: p/ok.rego:3: rego_type_error: conflicting rules data.a.p found\n",
  },
  {
    argv: ["check", "bad"],
    status: 1,
    out: "",
    error:
      '5 errors occurred during loading:\nbad/empty.rego:0: rego_parse_error: empty module\nbad/eof.rego:4: rego_parse_error: unexpected eof token\n\tfoo(\n\t   ^\nbad/eof.rego:4: rego_parse_error: unexpected eof token: expected rule head name\n\tfoo(\n\t   ^\nbad/string.rego:2: rego_parse_error: non-terminated string\n\tp if { "abc\n\t       ^\nbad/string.rego:2: rego_parse_error: illegal token\n\tp if { "abc\n\t       ^\n',
  },
  {
    argv: ["check", "nope"],
    status: 1,
    out: "",
    error: "1 error occurred during loading: stat nope: no such file or directory\n",
  },
  {
    argv: ["check", "-f", "json", "p/unsafe.rego"],
    status: 1,
    out: "",
    error:
      '{\n  "errors": [\n    {\n      "message": "var y is unsafe",\n      "code": "rego_unsafe_var_error",\n      "location": {\n        "file": "p/unsafe.rego",\n        "row": 3,\n        "col": 16\n      }\n    },\n    {\n      "message": "var r is unsafe",\n      "code": "rego_unsafe_var_error",\n      "location": {\n        "file": "p/unsafe.rego",\n        "row": 4,\n        "col": 8\n      }\n    }\n  ]\n}\n',
  },
  {
    argv: ["check", "--format=json", "bad"],
    status: 1,
    out: "",
    error:
      '{\n  "errors": [\n    {\n      "message": "empty module",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "bad/empty.rego",\n        "row": 0,\n        "col": 0\n      }\n    },\n    {\n      "message": "unexpected eof token",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "bad/eof.rego",\n        "row": 4,\n        "col": 0\n      },\n      "details": {\n        "line": "foo(",\n        "idx": 3\n      }\n    },\n    {\n      "message": "unexpected eof token: expected rule head name",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "bad/eof.rego",\n        "row": 4,\n        "col": 0\n      },\n      "details": {\n        "line": "foo(",\n        "idx": 3\n      }\n    },\n    {\n      "message": "non-terminated string",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "bad/string.rego",\n        "row": 2,\n        "col": 8\n      },\n      "details": {\n        "line": "p if { \\"abc",\n        "idx": 7\n      }\n    },\n    {\n      "message": "illegal token",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "bad/string.rego",\n        "row": 2,\n        "col": 8\n      },\n      "details": {\n        "line": "p if { \\"abc",\n        "idx": 7\n      }\n    }\n  ]\n}\n',
  },
  {
    argv: ["check", "--v0-compatible", "v0"],
    status: 0,
    out: "",
    error: "",
  },
  {
    argv: ["check", "v0"],
    status: 1,
    out: "",
    error:
      "2 errors occurred during loading:\nv0/v0.rego:3: rego_parse_error: `if` keyword is required before rule body\nv0/v0.rego:3: rego_parse_error: `contains` keyword is required for partial set rules\n",
  },
  {
    argv: ["check", "--strict", "annotated.rego"],
    status: 0,
    out: "",
    error: "",
  },
  {
    argv: ["check", "-m", "1", "p/unsafe.rego"],
    status: 1,
    out: "",
    error:
      "2 errors occurred:\np/unsafe.rego:3: rego_unsafe_var_error: var y is unsafe\nrego_compile_error: error limit reached\n",
  },
  {
    argv: ["check", "--ignore", "un*", "p"],
    status: 0,
    out: "",
    error: "",
  },
  {
    argv: ["fmt", "p/unsafe.rego"],
    status: 0,
    out: "package a\n\np if {\n\tx := 1\n\ty == 2\n}\n\nq if r\n",
    error: "",
  },
  {
    argv: ["fmt", "-l", "--v0-compatible", "v0"],
    status: 0,
    out: "v0/v0.rego\n",
    error: "",
  },
  {
    argv: ["fmt", "--fail", "-l", "--v0-compatible", "v0"],
    status: 2,
    out: "v0/v0.rego\n",
    error: "unexpected diff\n",
  },
  {
    argv: ["fmt", "--fail", "--v0-compatible", "v0"],
    status: 2,
    out: "",
    error: "unexpected diff\n",
  },
  {
    argv: ["fmt", "--v0-v1", "v0/v0.rego"],
    status: 0,
    out: 'package v\n\nimport rego.v1\n\ndeny contains msg if {\n\tinput.x == 1\n\tmsg := "a"\n}\n',
    error: "",
  },
  {
    argv: ["fmt", "nope"],
    status: 1,
    out: "",
    error: "lstat nope: no such file or directory\n",
  },
  {
    argv: ["fmt", "bad/eof.rego"],
    status: 2,
    out: "",
    error:
      "failed to format Rego source file: 2 errors occurred:\nbad/eof.rego:4: rego_parse_error: unexpected eof token\n\tfoo(\n\t   ^\nbad/eof.rego:4: rego_parse_error: unexpected eof token: expected rule head name\n\tfoo(\n\t   ^\n",
  },
  {
    argv: ["fmt", "v0/v0.rego"],
    status: 2,
    out: "",
    error:
      "failed to format Rego source file: 2 errors occurred:\nv0/v0.rego:3: rego_parse_error: `if` keyword is required before rule body\nv0/v0.rego:3: rego_parse_error: `contains` keyword is required for partial set rules\n",
  },
  {
    argv: ["parse", "tree.rego"],
    status: 0,
    out: 'module\n package\n  ref\n   data\n   "p"\n import\n  ref\n   input\n   "x"\n  y\n rule\n  head\n   ref\n    z\n   set\n    1\n    "a"\n  body\n   expr index=0\n    true\n rule\n  head\n   ref\n    f\n   args\n    a\n    array\n     b\n   arraycomprehension\n    a\n    body\n     expr negated index=0\n      a\n     expr index=1\n      ref\n       eq\n      b\n      ref\n       object\n        "k"\n        templatestring\n       _\n  body\n   expr index=0\n    somedecl\n     call\n      ref\n       internal\n       "member_3"\n      q\n      r\n      ref\n       input\n   expr index=1\n    every\n     k\n     v\n     q\n     body\n      expr index=0\n       ref\n        gt\n       v\n       1\n       with\n        ref\n         input\n         "a"\n        2\n   expr index=2\n    somedecl\n     s\n   expr index=3\n    ref\n     equal\n    s\n    -1\n   expr negated index=4\n    set\n     x\n  rule\n   head\n    ref\n     f\n    args\n     a\n     array\n      b\n    3\n   body\n    expr index=0\n     true\n rule\n  head\n   ref\n    r\n    "s"\n    t\n  body\n   expr index=0\n    ref\n     assign\n    u\n    t\n comment\n',
    error: "",
  },
  {
    argv: ["parse", "percent.rego"],
    status: 0,
    out: 'module\n package\n  ref\n   data\n   "p"\n rule\n  head\n   ref\n    x\n   "100%!o(MISSING)f %!v(MISSING), 5%!"(MISSING)\n  body\n   expr index=0\n    true\n',
    error: "",
  },
  {
    argv: ["parse", "-f", "json", "v0/v0.rego", "--v0-compatible"],
    status: 0,
    out: '{\n  "package": {\n    "path": [\n      {\n        "type": "var",\n        "value": "data"\n      },\n      {\n        "type": "string",\n        "value": "v"\n      }\n    ]\n  },\n  "rules": [\n    {\n      "body": [\n        {\n          "index": 0,\n          "terms": [\n            {\n              "type": "ref",\n              "value": [\n                {\n                  "type": "var",\n                  "value": "equal"\n                }\n              ]\n            },\n            {\n              "type": "ref",\n              "value": [\n                {\n                  "type": "var",\n                  "value": "input"\n                },\n                {\n                  "type": "string",\n                  "value": "x"\n                }\n              ]\n            },\n            {\n              "type": "number",\n              "value": 1\n            }\n          ]\n        },\n        {\n          "index": 1,\n          "terms": [\n            {\n              "type": "ref",\n              "value": [\n                {\n                  "type": "var",\n                  "value": "assign"\n                }\n              ]\n            },\n            {\n              "type": "var",\n              "value": "msg"\n            },\n            {\n              "type": "string",\n              "value": "a"\n            }\n          ]\n        }\n      ],\n      "head": {\n        "name": "deny",\n        "key": {\n          "type": "var",\n          "value": "msg"\n        },\n        "ref": [\n          {\n            "type": "var",\n            "value": "deny"\n          }\n        ]\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["parse", "-f", "json", "--json-include", "locations,-comments", "annotated.rego"],
    status: 0,
    out: '{\n  "package": {\n    "location": {\n      "file": "annotated.rego",\n      "row": 4,\n      "col": 1,\n      "text": "cGFja2FnZQ=="\n    },\n    "path": [\n      {\n        "location": {\n          "file": "annotated.rego",\n          "row": 4,\n          "col": 9,\n          "text": "YQ=="\n        },\n        "type": "var",\n        "value": "data"\n      },\n      {\n        "location": {\n          "file": "annotated.rego",\n          "row": 4,\n          "col": 9,\n          "text": "YQ=="\n        },\n        "type": "string",\n        "value": "a"\n      },\n      {\n        "location": {\n          "file": "annotated.rego",\n          "row": 4,\n          "col": 11,\n          "text": "Yg=="\n        },\n        "type": "string",\n        "value": "b"\n      }\n    ]\n  },\n  "imports": [\n    {\n      "location": {\n        "file": "annotated.rego",\n        "row": 6,\n        "col": 1,\n        "text": "aW1wb3J0"\n      },\n      "path": {\n        "location": {\n          "file": "annotated.rego",\n          "row": 6,\n          "col": 8,\n          "text": "ZGF0YS5j"\n        },\n        "type": "ref",\n        "value": [\n          {\n            "location": {\n              "file": "annotated.rego",\n              "row": 6,\n              "col": 8,\n              "text": "ZGF0YQ=="\n            },\n            "type": "var",\n            "value": "data"\n          },\n          {\n            "location": {\n              "file": "annotated.rego",\n              "row": 6,\n              "col": 13,\n              "text": "Yw=="\n            },\n            "type": "string",\n            "value": "c"\n          }\n        ]\n      }\n    }\n  ],\n  "annotations": [\n    {\n      "description": "of rules",\n      "location": {\n        "file": "annotated.rego",\n        "row": 1,\n        "col": 1,\n        "text": "IyBNRVRBREFUQQojIHRpdGxlOiBBIHBhY2thZ2UKIyBkZXNjcmlwdGlvbjogb2YgcnVsZXM="\n      },\n      "scope": "package",\n      "title": "A package"\n    },\n    {\n      "entrypoint": true,\n      "location": {\n        "file": "annotated.rego",\n        "row": 8,\n        "col": 1,\n        "text": "IyBNRVRBREFUQQojIHRpdGxlOiBBIHJ1bGUKIyBlbnRyeXBvaW50OiB0cnVl"\n      },\n      "scope": "document",\n      "title": "A rule"\n    }\n  ],\n  "rules": [\n    {\n      "annotations": [\n        {\n          "entrypoint": true,\n          "location": {\n            "file": "annotated.rego",\n            "row": 8,\n            "col": 1,\n            "text": "IyBNRVRBREFUQQojIHRpdGxlOiBBIHJ1bGUKIyBlbnRyeXBvaW50OiB0cnVl"\n          },\n          "scope": "document",\n          "title": "A rule"\n        }\n      ],\n      "body": [\n        {\n          "generated": true,\n          "index": 0,\n          "location": {\n            "file": "annotated.rego",\n            "row": 11,\n            "col": 6,\n            "text": "Yy54"\n          },\n          "terms": {\n            "location": {\n              "file": "annotated.rego",\n              "row": 11,\n              "col": 6,\n              "text": "Yy54"\n            },\n            "type": "boolean",\n            "value": true\n          }\n        }\n      ],\n      "head": {\n        "name": "p",\n        "value": {\n          "location": {\n            "file": "annotated.rego",\n            "row": 11,\n            "col": 6,\n            "text": "Yy54"\n          },\n          "type": "ref",\n          "value": [\n            {\n              "location": {\n                "file": "annotated.rego",\n                "row": 11,\n                "col": 6,\n                "text": "Yw=="\n              },\n              "type": "var",\n              "value": "c"\n            },\n            {\n              "location": {\n                "file": "annotated.rego",\n                "row": 11,\n                "col": 8,\n                "text": "eA=="\n              },\n              "type": "string",\n              "value": "x"\n            }\n          ]\n        },\n        "assign": true,\n        "ref": [\n          {\n            "location": {\n              "file": "annotated.rego",\n              "row": 11,\n              "col": 1,\n              "text": "cA=="\n            },\n            "type": "var",\n            "value": "p"\n          }\n        ],\n        "location": {\n          "file": "annotated.rego",\n          "row": 11,\n          "col": 1,\n          "text": "cCA6PSBjLng="\n        }\n      },\n      "location": {\n        "file": "annotated.rego",\n        "row": 11,\n        "col": 1,\n        "text": "cCA6PSBjLng="\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["parse", "v0/v0.rego"],
    status: 1,
    out: "",
    error:
      '{\n  "errors": [\n    {\n      "message": "`if` keyword is required before rule body",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "v0/v0.rego",\n        "row": 3,\n        "col": 1\n      }\n    },\n    {\n      "message": "`contains` keyword is required for partial set rules",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "v0/v0.rego",\n        "row": 3,\n        "col": 1\n      }\n    }\n  ]\n}\n',
  },
  {
    argv: ["parse", "nope.rego"],
    status: 1,
    out: "",
    error: '{\n  "errors": [\n    {\n      "message": "open nope.rego: no such file or directory"\n    }\n  ]\n}\n',
  },
  {
    argv: ["parse", "p"],
    status: 1,
    out: "",
    error: '{\n  "errors": [\n    {\n      "message": "read p: is a directory"\n    }\n  ]\n}\n',
  },
  {
    argv: ["inspect", "t"],
    status: 0,
    out: "NAMESPACES:\n┌─────────────┬───────────────────────┐\n│  NAMESPACE  │         FILE          │\n├─────────────┼───────────────────────┤\n│ data.f_test │ t/failing/f_test.rego │\n│ data.q      │ t/q.rego              │\n│ data.q_test │ t/q_test.rego         │\n└─────────────┴───────────────────────┘\n",
    error: "",
  },
  {
    argv: ["inspect", "-a", "notes.rego"],
    status: 0,
    out: 'NAMESPACES:\n┌───────────┬────────────┐\n│ NAMESPACE │    FILE    │\n├───────────┼────────────┤\n│ data.a.b  │ notes.rego │\n└───────────┴────────────┘\nANNOTATIONS:\na.b\n===\n\nno title\n\nPackage:  a.b\nLocation: notes.rego:4\nScope: package\n\nOrganizations:\n Acme\n Two Words\n\na.b.a.c\n=======\n\nPackage:  a.b\nRule:     a.c\nLocation: notes.rego:22\nScope: document\n\nLong\n====\n\nPackage:  a.b\nRule:     r[x].y\nLocation: notes.rego:18\nScope: rule\n\nAuthors:\n me <me@x.example>\n you\n\nSchemas:\n input:  schema["in"]\n data.x: {"type":"string"}\n\nRelated Resources:\n https://a.example\n https://b.example/x what there is, told at such a length that it does not fi...\n\nCustom:\n k: [1,{"a":2,"z":1}]\n\n',
    error: "",
  },
  {
    argv: ["inspect", "-a", "wrong.rego"],
    status: 1,
    out: "",
    error: "error: 1 error occurred: wrong.rego:3: rego_type_error: match error\n\tleft  : number\n\tright : string\n",
  },
  {
    argv: ["inspect", "-a", "annotated.rego"],
    status: 0,
    out: "NAMESPACES:\n┌───────────┬────────────────┐\n│ NAMESPACE │      FILE      │\n├───────────┼────────────────┤\n│ data.a.b  │ annotated.rego │\n└───────────┴────────────────┘\nANNOTATIONS:\nA package\n=========\n\nof rules\n\nPackage:  a.b\nLocation: annotated.rego:4\nScope: package\n\nA rule\n======\n\nPackage:  a.b\nRule:     p\nLocation: annotated.rego:11\nScope: document\nEntrypoint: true\n\n",
    error: "",
  },
  {
    argv: ["eval", ""],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "cannot evaluate empty query"\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "import data.x"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "expected body but got *ast.Import"\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "--strict", "x := 1"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "x := 1",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ],\n      "bindings": {\n        "x": 1\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "rego.metadata.chain()"],
    status: 0,
    out: "{}\n",
    error: "",
  },
  {
    argv: ["eval", "1 + 1"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": 2,\n          "text": "1 + 1",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ]\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a", "--format", "pretty"],
    status: 0,
    out: '{\n  "m": {\n    "a": {\n      "b": "\\u003cx\\u003e"\n    }\n  },\n  "p": [\n    1,\n    2,\n    3\n  ],\n  "q": 1,\n  "r": true\n}\n',
    error: 'hello {"s": "hé", "xs": [1, 2, 3]}\n',
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a.p[x]", "-f", "pretty"],
    status: 0,
    out: "┌─────────────┬───┐\n│ data.a.p[x] │ x │\n├─────────────┼───┤\n│ 1           │ 1 │\n│ 2           │ 2 │\n│ 3           │ 3 │\n└─────────────┴───┘\n",
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "x := input.xs[_]; y = x + 1; x > 1"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "x := input.xs[_]",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        },\n        {\n          "value": true,\n          "text": "y = x + 1",\n          "location": {\n            "row": 1,\n            "col": 19\n          }\n        },\n        {\n          "value": true,\n          "text": "x \\u003e 1",\n          "location": {\n            "row": 1,\n            "col": 30\n          }\n        }\n      ],\n      "bindings": {\n        "x": 2,\n        "y": 3\n      }\n    },\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "x := input.xs[_]",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        },\n        {\n          "value": true,\n          "text": "y = x + 1",\n          "location": {\n            "row": 1,\n            "col": 19\n          }\n        },\n        {\n          "value": true,\n          "text": "x \\u003e 1",\n          "location": {\n            "row": 1,\n            "col": 30\n          }\n        }\n      ],\n      "bindings": {\n        "x": 3,\n        "y": 4\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a.q; data.a.m; true", "-f", "pretty"],
    status: 0,
    out: '┌──────────┬─────────────────────────────┬──────┐\n│ data.a.q │          data.a.m           │ true │\n├──────────┼─────────────────────────────┼──────┤\n│ 1        │ {"a":{"b":"\\u003cx\\u003e"}} │ true │\n└──────────┴─────────────────────────────┴──────┘\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a.q; data.a.m; true", "-f", "raw"],
    status: 0,
    out: '1 {"a":{"b":"\\u003cx\\u003e"}} true\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a.q; data.a.m; x := 1", "-f", "values"],
    status: 0,
    out: '[\n  1,\n  {\n    "a": {\n      "b": "\\u003cx\\u003e"\n    }\n  },\n  true\n]\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a.q; data.a.m; x := 1", "-f", "bindings"],
    status: 0,
    out: '{\n  "x": 1\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-f", "discard", "data.a.q"],
    status: 0,
    out: '{\n  "result": "discarded"\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "data.a.nope"],
    status: 0,
    out: "{}\n",
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "data.a.nope", "-f", "pretty"],
    status: 0,
    out: "undefined\n",
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "data.a.nope", "--fail"],
    status: 1,
    out: "{}\n",
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "data.a.q", "--fail-defined", "-f", "raw"],
    status: 1,
    out: "1\n",
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "f(1)", "--package", "a"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": 2,\n          "text": "f(1)",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ]\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "g.f(1); g.q", "--import", "data.a as g"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": 2,\n          "text": "g.f(1)",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        },\n        {\n          "value": 1,\n          "text": "g.q",\n          "location": {\n            "row": 1,\n            "col": 9\n          }\n        }\n      ]\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "x"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "var x is unsafe",\n      "code": "rego_unsafe_var_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 1\n      }\n    },\n    {\n      "message": "var _ is unsafe",\n      "code": "rego_unsafe_var_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 1\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "x := "],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "unexpected eof token",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 5\n      },\n      "details": {\n        "line": "x := ",\n        "idx": 3\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "nope(1)"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "undefined function nope",\n      "code": "rego_type_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 1\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: [
      "eval",
      "-d",
      "data.yaml",
      "-d",
      "p/ok.rego",
      "q + n.k[1]",
      "--package",
      "a",
      "--import",
      "data.n",
      "-f",
      "raw",
    ],
    status: 0,
    out: "3.5\n",
    error: "",
  },
  {
    argv: ["eval", "-d", "foo.bar:data.yaml", "data.foo", "-f", "raw"],
    status: 0,
    out: '{"bar":{"n":{"k":[1,2.5]}}}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "data.yaml", "-d", "conflict.json", "data", "-f", "pretty"],
    status: 2,
    out: "",
    error: "1 error occurred: conflict.json: merge error: conflicting values at data.n, also defined in data.yaml\n",
  },
  {
    argv: ["eval", "-d", "bad/string.rego", "1"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "non-terminated string",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "bad/string.rego",\n        "row": 2,\n        "col": 8\n      },\n      "details": {\n        "line": "p if { \\"abc",\n        "idx": 7\n      }\n    },\n    {\n      "message": "illegal token",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "bad/string.rego",\n        "row": 2,\n        "col": 8\n      },\n      "details": {\n        "line": "p if { \\"abc",\n        "idx": 7\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "nope", "1", "-f", "pretty"],
    status: 2,
    out: "",
    error: "1 error occurred: stat nope: no such file or directory\n",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "nope.json", "1"],
    status: 2,
    out: "",
    error: "open nope.json: no such file or directory\n",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a.r", "-f", "raw"],
    status: 0,
    out: "true\n",
    error: 'hello {"s": "hé", "xs": [1, 2, 3]}\n',
  },
  {
    argv: ["eval", "every x in [1,2] { x > 0 }; not false; some y in [1]; 1 == 1"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "every x in [1,2] { x \\u003e 0 }",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        },\n        {\n          "value": true,\n          "text": "not false",\n          "location": {\n            "row": 1,\n            "col": 29\n          }\n        },\n        {\n          "value": true,\n          "text": "some y in [1]",\n          "location": {\n            "row": 1,\n            "col": 40\n          }\n        },\n        {\n          "value": true,\n          "text": "1 == 1",\n          "location": {\n            "row": 1,\n            "col": 55\n          }\n        }\n      ],\n      "bindings": {\n        "y": 1\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "walk([1,[2]], [p, v])", "-f", "pretty"],
    status: 0,
    out: "┌───────┬─────────┐\n│   p   │    v    │\n├───────┼─────────┤\n│ []    │ [1,[2]] │\n│ [0]   │ 1       │\n│ [1]   │ [2]     │\n│ [1,0] │ 2       │\n└───────┴─────────┘\n",
    error: "",
  },
  {
    argv: ["eval", "{1.50, 1e3, [1, {2}]}", "-f", "raw"],
    status: 0,
    out: "[1.50,1e3,[1,[2]]]\n",
    error: "",
  },
  {
    argv: ["eval", "-d", "p/ok.rego", "-i", "in.json", "data.a.p", "--coverage"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": [\n            1,\n            2,\n            3\n          ],\n          "text": "data.a.p",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ]\n    }\n  ],\n  "coverage": {\n    "files": {\n      "p/ok.rego": {\n        "covered": [\n          {\n            "start": {\n              "row": 3,\n              "col": 1\n            },\n            "end": {\n              "row": 3,\n              "col": 13\n            }\n          },\n          {\n            "start": {\n              "row": 3,\n              "col": 19\n            },\n            "end": {\n              "row": 3,\n              "col": 37\n            }\n          }\n        ],\n        "not_covered": [\n          {\n            "start": {\n              "row": 4,\n              "col": 1\n            },\n            "end": {\n              "row": 4,\n              "col": 7\n            }\n          },\n          {\n            "start": {\n              "row": 4,\n              "col": 6\n            },\n            "end": {\n              "row": 4,\n              "col": 7\n            }\n          },\n          {\n            "start": {\n              "row": 5,\n              "col": 1\n            },\n            "end": {\n              "row": 5,\n              "col": 14\n            }\n          },\n          {\n            "start": {\n              "row": 5,\n              "col": 9\n            },\n            "end": {\n              "row": 5,\n              "col": 14\n            }\n          },\n          {\n            "start": {\n              "row": 6,\n              "col": 1\n            },\n            "end": {\n              "row": 6,\n              "col": 25\n            }\n          },\n          {\n            "start": {\n              "row": 6,\n              "col": 6\n            },\n            "end": {\n              "row": 6,\n              "col": 25\n            }\n          },\n          {\n            "start": {\n              "row": 7,\n              "col": 1\n            },\n            "end": {\n              "row": 7,\n              "col": 2\n            }\n          },\n          {\n            "start": {\n              "row": 7,\n              "col": 8\n            },\n            "end": {\n              "row": 7,\n              "col": 29\n            }\n          },\n          {\n            "start": {\n              "row": 7,\n              "col": 31\n            },\n            "end": {\n              "row": 7,\n              "col": 35\n            }\n          },\n          {\n            "start": {\n              "row": 8,\n              "col": 1\n            },\n            "end": {\n              "row": 8,\n              "col": 13\n            }\n          },\n          {\n            "start": {\n              "row": 8,\n              "col": 8\n            },\n            "end": {\n              "row": 8,\n              "col": 13\n            }\n          }\n        ],\n        "covered_lines": 1,\n        "not_covered_lines": 5,\n        "coverage": 16.666666666666668\n      }\n    },\n    "covered_lines": 1,\n    "not_covered_lines": 5,\n    "coverage": 16.666666666666668\n  }\n}\n',
    error: "",
  },
  {
    argv: ["eval", "--v0-compatible", "-d", "v0", "-f", "pretty", 'data.v.deny with input as {"x": 1}'],
    status: 0,
    out: '[\n  "a"\n]\n',
    error: "",
  },
  {
    argv: ["test", "t/q.rego", "t/q_test.rego"],
    status: 0,
    out: "PASS: 10/10\n",
    error: "",
  },
  {
    argv: ["test", "-c", "t/q.rego", "t/q_test.rego"],
    status: 0,
    out: '{\n  "files": {\n    "t/q.rego": {\n      "covered": [\n        {\n          "start": {\n            "row": 3,\n            "col": 1\n          },\n          "end": {\n            "row": 3,\n            "col": 8\n          }\n        },\n        {\n          "start": {\n            "row": 3,\n            "col": 9\n          },\n          "end": {\n            "row": 3,\n            "col": 23\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 6\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 10\n          },\n          "end": {\n            "row": 5,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 1\n          },\n          "end": {\n            "row": 7,\n            "col": 18\n          }\n        },\n        {\n          "start": {\n            "row": 8,\n            "col": 2\n          },\n          "end": {\n            "row": 8,\n            "col": 20\n          }\n        },\n        {\n          "start": {\n            "row": 9,\n            "col": 2\n          },\n          "end": {\n            "row": 9,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 2\n          },\n          "end": {\n            "row": 10,\n            "col": 27\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 9\n          },\n          "end": {\n            "row": 10,\n            "col": 27\n          }\n        },\n        {\n          "start": {\n            "row": 14,\n            "col": 2\n          },\n          "end": {\n            "row": 14,\n            "col": 7\n          }\n        },\n        {\n          "start": {\n            "row": 15,\n            "col": 3\n          },\n          "end": {\n            "row": 15,\n            "col": 14\n          }\n        },\n        {\n          "start": {\n            "row": 16,\n            "col": 2\n          },\n          "end": {\n            "row": 16,\n            "col": 7\n          }\n        },\n        {\n          "start": {\n            "row": 19,\n            "col": 1\n          },\n          "end": {\n            "row": 19,\n            "col": 37\n          }\n        },\n        {\n          "start": {\n            "row": 19,\n            "col": 6\n          },\n          "end": {\n            "row": 19,\n            "col": 37\n          }\n        },\n        {\n          "start": {\n            "row": 19,\n            "col": 11\n          },\n          "end": {\n            "row": 19,\n            "col": 29\n          }\n        },\n        {\n          "start": {\n            "row": 19,\n            "col": 31\n          },\n          "end": {\n            "row": 19,\n            "col": 36\n          }\n        },\n        {\n          "start": {\n            "row": 21,\n            "col": 1\n          },\n          "end": {\n            "row": 21,\n            "col": 2\n          }\n        },\n        {\n          "start": {\n            "row": 21,\n            "col": 6\n          },\n          "end": {\n            "row": 23,\n            "col": 2\n          }\n        },\n        {\n          "start": {\n            "row": 21,\n            "col": 17\n          },\n          "end": {\n            "row": 21,\n            "col": 25\n          }\n        },\n        {\n          "start": {\n            "row": 22,\n            "col": 2\n          },\n          "end": {\n            "row": 22,\n            "col": 7\n          }\n        }\n      ],\n      "not_covered": [\n        {\n          "start": {\n            "row": 13,\n            "col": 1\n          },\n          "end": {\n            "row": 13,\n            "col": 12\n          }\n        },\n        {\n          "start": {\n            "row": 17,\n            "col": 3\n          },\n          "end": {\n            "row": 17,\n            "col": 14\n          }\n        }\n      ],\n      "covered_lines": 13,\n      "not_covered_lines": 2,\n      "coverage": 86.66666666666667\n    },\n    "t/q_test.rego": {\n      "covered": [\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 7\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 11\n          },\n          "end": {\n            "row": 5,\n            "col": 49\n          }\n        },\n        {\n          "start": {\n            "row": 6,\n            "col": 1\n          },\n          "end": {\n            "row": 6,\n            "col": 7\n          }\n        },\n        {\n          "start": {\n            "row": 6,\n            "col": 11\n          },\n          "end": {\n            "row": 6,\n            "col": 44\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 1\n          },\n          "end": {\n            "row": 7,\n            "col": 10\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 14\n          },\n          "end": {\n            "row": 7,\n            "col": 27\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 14\n          },\n          "end": {\n            "row": 7,\n            "col": 64\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 20\n          },\n          "end": {\n            "row": 7,\n            "col": 26\n          }\n        },\n        {\n          "start": {\n            "row": 8,\n            "col": 1\n          },\n          "end": {\n            "row": 8,\n            "col": 7\n          }\n        },\n        {\n          "start": {\n            "row": 8,\n            "col": 11\n          },\n          "end": {\n            "row": 8,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 8,\n            "col": 11\n          },\n          "end": {\n            "row": 8,\n            "col": 24\n          }\n        },\n        {\n          "start": {\n            "row": 9,\n            "col": 1\n          },\n          "end": {\n            "row": 9,\n            "col": 7\n          }\n        },\n        {\n          "start": {\n            "row": 9,\n            "col": 11\n          },\n          "end": {\n            "row": 9,\n            "col": 45\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 1\n          },\n          "end": {\n            "row": 10,\n            "col": 7\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 11\n          },\n          "end": {\n            "row": 10,\n            "col": 38\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 1\n          },\n          "end": {\n            "row": 11,\n            "col": 13\n          }\n        },\n        {\n          "start": {\n            "row": 12,\n            "col": 2\n          },\n          "end": {\n            "row": 12,\n            "col": 22\n          }\n        },\n        {\n          "start": {\n            "row": 12,\n            "col": 12\n          },\n          "end": {\n            "row": 12,\n            "col": 22\n          }\n        },\n        {\n          "start": {\n            "row": 13,\n            "col": 2\n          },\n          "end": {\n            "row": 13,\n            "col": 18\n          }\n        },\n        {\n          "start": {\n            "row": 13,\n            "col": 12\n          },\n          "end": {\n            "row": 13,\n            "col": 18\n          }\n        },\n        {\n          "start": {\n            "row": 14,\n            "col": 2\n          },\n          "end": {\n            "row": 14,\n            "col": 6\n          }\n        }\n      ],\n      "covered_lines": 10,\n      "coverage": 100\n    }\n  },\n  "covered_lines": 23,\n  "not_covered_lines": 2,\n  "coverage": 92\n}\n',
    error: "",
  },
  {
    argv: ["test", "-c", "--threshold", "99", "-v", "t/q.rego", "t/q_test.rego"],
    status: 2,
    out: "",
    error:
      "Code coverage threshold not met: got 92.00 instead of 99.00\nLines not covered:\n\tt/q.rego:13\n\tt/q.rego:17\n",
  },
  {
    argv: ["test", "t/q.rego"],
    status: 0,
    out: "",
    error: "",
  },
  {
    argv: ["test", "-r", "none", "--fail-on-empty", "t"],
    status: 1,
    out: "",
    error: "no tests were run\n",
  },
  {
    argv: ["test", "-r", "later", "t"],
    status: 2,
    out: "t/failing/f_test.rego:5:\ndata.f_test.todo_test_later: SKIPPED\n--------------------------------------------------------------------------------\nSKIPPED: 1/1\n",
    error: "",
  },
  {
    argv: ["test", "-r", "later", "-z", "t"],
    status: 0,
    out: "t/failing/f_test.rego:5:\ndata.f_test.todo_test_later: SKIPPED\n--------------------------------------------------------------------------------\nSKIPPED: 1/1\n",
    error: "",
  },
  {
    argv: ["test", "nope"],
    status: 1,
    out: "",
    error: "1 error occurred during loading: stat nope: no such file or directory\n",
  },
  {
    argv: ["test", "bad"],
    status: 1,
    out: "",
    error:
      '5 errors occurred during loading:\nbad/empty.rego:0: rego_parse_error: empty module\nbad/eof.rego:4: rego_parse_error: unexpected eof token\n\tfoo(\n\t   ^\nbad/eof.rego:4: rego_parse_error: unexpected eof token: expected rule head name\n\tfoo(\n\t   ^\nbad/string.rego:2: rego_parse_error: non-terminated string\n\tp if { "abc\n\t       ^\nbad/string.rego:2: rego_parse_error: illegal token\n\tp if { "abc\n\t       ^\n',
  },
];
