/** What OPA 1.22.2 answers to calls: the value as Rego text, or the code and message of the error. */
export const evaluationFacts: readonly (readonly [call: string, answer: string])[] = [
  ['internal.template_string([{"a"},"b",{1},{[1,"x"]},set(),null])', '"ab1[1, \\"x\\"]<undefined>null"'],
  [
    'rego.parse_module("x.rego","package foo.bar\\n\\nimport data.x as y\\n\\np := 1.50 if { input.x == \\"a\\" }\\n")',
    '{"imports": [{"alias": "y", "path": {"type": "ref", "value": [{"type": "var", "value": "data"}, {"type": "string", "value": "x"}]}}], "package": {"path": [{"type": "var", "value": "data"}, {"type": "string", "value": "foo"}, {"type": "string", "value": "bar"}]}, "rules": [{"body": [{"index": 0, "terms": [{"type": "ref", "value": [{"type": "var", "value": "equal"}]}, {"type": "ref", "value": [{"type": "var", "value": "input"}, {"type": "string", "value": "x"}]}, {"type": "string", "value": "a"}]}], "head": {"assign": true, "name": "p", "ref": [{"type": "var", "value": "p"}], "value": {"type": "number", "value": 1.50}}}]}',
  ],
  [
    'rego.parse_module("x.rego","package foo\\n# hi\\ndeny contains msg if { some i; input.c[i].p; msg := sprintf(\\"%v\\",[i]) }\\n")',
    '{"comments": [{"Location": {"col": 1, "file": "x.rego", "row": 2}, "Text": "IGhp"}], "package": {"path": [{"type": "var", "value": "data"}, {"type": "string", "value": "foo"}]}, "rules": [{"body": [{"index": 0, "terms": {"symbols": [{"type": "var", "value": "i"}]}}, {"index": 1, "terms": {"type": "ref", "value": [{"type": "var", "value": "input"}, {"type": "string", "value": "c"}, {"type": "var", "value": "i"}, {"type": "string", "value": "p"}]}}, {"index": 2, "terms": [{"type": "ref", "value": [{"type": "var", "value": "assign"}]}, {"type": "var", "value": "msg"}, {"type": "call", "value": [{"type": "ref", "value": [{"type": "var", "value": "sprintf"}]}, {"type": "string", "value": "%v"}, {"type": "array", "value": [{"type": "var", "value": "i"}]}]}]}], "head": {"key": {"type": "var", "value": "msg"}, "name": "deny", "ref": [{"type": "var", "value": "deny"}]}}]}',
  ],
  ['rego.parse_module("x.rego","")', "eval_builtin_error: rego.parse_module: x.rego:0: rego_parse_error: empty module"],
  ['rego.parse_module(1,"")', "eval_type_error: rego.parse_module: operand 1 must be string but got number"],
  ["http.send(1)", "eval_type_error: http.send: operand 1 must be object but got number"],
  [
    'http.send({"method":"get"})',
    'eval_type_error: http.send: operand 1 missing required request parameters(s): {"url"}',
  ],
  [
    'http.send({"method":"get","url":"x","foo":1})',
    'eval_type_error: http.send: operand 1 invalid request parameters(s): {"foo"}',
  ],
  ['http.send({"method":"get","url":1})', 'eval_builtin_error: http.send: "url" must be a string'],
  ['http.send({"method":"get","raise_error":1})', "eval_builtin_error: http.send: invalid value for raise_error field"],
  [
    'rego.parse_module("m.rego","package a.b\\n\\np contains x if x := 1.50\\n")',
    '{"package": {"path": [{"type": "var", "value": "data"}, {"type": "string", "value": "a"}, {"type": "string", "value": "b"}]}, "rules": [{"body": [{"index": 0, "terms": [{"type": "ref", "value": [{"type": "var", "value": "assign"}]}, {"type": "var", "value": "x"}, {"type": "number", "value": 1.50}]}], "head": {"key": {"type": "var", "value": "x"}, "name": "p", "ref": [{"type": "var", "value": "p"}]}}]}',
  ],
];
