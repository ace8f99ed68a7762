/** Further lines in the form of `command-cases-data.ts`, for options: what OPA 1.22.2 answers to them. */
import type { CommandCase } from "./command-cases-data.ts";

/** The files that they are about. */
export const optionFiles: Readonly<Record<string, string>> = {
  "x/shop/shop.rego":
    'package shop\n\ndefault open := false\n\nopen if {\n\tinput.day == "monday"\n\tinput.hour > 8\n}\n\nopen if {\n\tinput.day == "sunday"\n\tinput.hour > 12\n}\n\nstaff contains name if {\n\tsome name, role in data.people\n\trole in {"clerk", "owner"}\n}\n\nbusy if input.queue > 3\n\nbusy if input.calls > 5\n\nsize(n) := "big" if {\n\tn > 100\n} else := "small"\n\nbill := sum([price | some item in input.items; price := item.price])\n',
  "x/shop/data.json": '{"people": {"ann": "clerk", "bob": "guest", "eve": "owner"}}',
  "x/in.json": '{"day": "sunday", "hour": 13, "queue": 9, "calls": 9, "items": [{"price": 2}, {"price": 3}]}',
  "x/schemas/input.json":
    '{"type": "object", "properties": {"day": {"type": "string"}, "hour": {"type": "number"}}, "additionalProperties": false}',
  "x/typo.rego": 'package typo\n\np if input.daz == "monday"\n\nq if input.hour == "nine"\n',
  "x/capabilities.json":
    '{"builtins":[{"name":"eq","infix":"=","decl":{"type":"function","args":[{"type":"any"},{"type":"any"}],"result":{"type":"boolean"}}},{"name":"shop.price","decl":{"type":"function","args":[{"type":"string"}],"result":{"type":"number"}}}],"features":["rego_v1"]}',
  "x/known.rego": 'package known\n\np if shop.price("tea") = 2\n',
  "x/unknown.rego": 'package unknown\n\np if count("tea") = 3\n',
  "x/mistyped.rego": "package mistyped\n\np if shop.price(1) = 2\n",
  "x/keys.rego": 'package k\n\np[x] { x = object.keys({"a": 1})[_] }\n',
  "x/dotted.rego": "package k\n\na.b.c = 1 { true }\n",
  "x/general.rego": 'package k\n\na[x].c = 1 { x = "q" }\n',
  "x/words.rego": "package w\n\nimport rego.v1\nimport future.keywords.if\n\np if input.with.x\n",
  "x/operands.rego": "package o\n\np if plus(1)\n",
  "x/deprecated.rego": "package d\n\np if any([true])\n",
  "x/old.rego": "package o\n\np { input.x }\n",
  "x/shop_test.rego":
    'package shop_test\n\nimport data.shop\n\ntest_sunday if shop.open with input as {"day": "sunday", "hour": 13}\n\ntest_busy if shop.busy with input as {"queue": 9, "calls": 9}\n\ntest_size[name] if {\n\tsome name, row in {"ten": [10, "small"], "more": [1000, "big"]}\n\tshop.size(row[0]) == row[1]\n}\n',
  "x/bundle/.manifest": '{"revision": "r7", "roots": ["tills", "rates"], "metadata": {"by": "ann"}}',
  "x/bundle/tills/tills.rego": "package tills\n\nn := data.rates.low\n",
  "x/bundle/rates/data.yaml": "low: 1\n",
  "x/bundle/notes.json": '{"left": "aside"}',
  "x/meta.rego":
    '# METADATA\n# title: Tills\n# description: |\n#   What a till does.\n#   And what it does not.\n# authors:\n# - Ann <ann@shop.example>\n# - Bob\n# organizations:\n# - Shop\n# related_resources:\n# - ref: https://shop.example/a\n#   description: the rules\n# - https://shop.example/longer\n# custom:\n#   level: {b: 1, a: [2]}\n#   x: "text"\npackage tills\n\n# METADATA\n# scope: rule\n# schemas:\n# - input: {type: object, properties: {z: {type: string}, a: {type: number}}}\n# - data.rates: schema.rates\nopen if input.a > 1\n\n# METADATA\n# title: "  Open  "\n# entrypoint: true\nclosed if not open\n',
  "x/broken/broken_test.rego":
    'package broken_test\n\ntest_rows[name][n] if {\n\tsome name in ["left", "right"]\n\tsome n in [1, 2]\n\tn < 2\n}\n',
};

/** The lines. */
export const optionCases: readonly CommandCase[] = [
  {
    argv: ["eval", "-d", "x/shop", "-i", "x/in.json", "--coverage", "data.shop.open"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "data.shop.open",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ]\n    }\n  ],\n  "coverage": {\n    "files": {\n      "x/shop/shop.rego": {\n        "covered": [\n          {\n            "start": {\n              "row": 10,\n              "col": 1\n            },\n            "end": {\n              "row": 10,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 11,\n              "col": 2\n            },\n            "end": {\n              "row": 11,\n              "col": 23\n            }\n          },\n          {\n            "start": {\n              "row": 12,\n              "col": 2\n            },\n            "end": {\n              "row": 12,\n              "col": 12\n            }\n          },\n          {\n            "start": {\n              "row": 12,\n              "col": 2\n            },\n            "end": {\n              "row": 12,\n              "col": 17\n            }\n          }\n        ],\n        "not_covered": [\n          {\n            "start": {\n              "row": 3,\n              "col": 1\n            },\n            "end": {\n              "row": 3,\n              "col": 8\n            }\n          },\n          {\n            "start": {\n              "row": 3,\n              "col": 9\n            },\n            "end": {\n              "row": 3,\n              "col": 22\n            }\n          },\n          {\n            "start": {\n              "row": 5,\n              "col": 1\n            },\n            "end": {\n              "row": 5,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 6,\n              "col": 2\n            },\n            "end": {\n              "row": 6,\n              "col": 23\n            },\n            "kinds": [\n              "index_excluded"\n            ]\n          },\n          {\n            "start": {\n              "row": 7,\n              "col": 2\n            },\n            "end": {\n              "row": 7,\n              "col": 16\n            }\n          },\n          {\n            "start": {\n              "row": 15,\n              "col": 1\n            },\n            "end": {\n              "row": 15,\n              "col": 20\n            }\n          },\n          {\n            "start": {\n              "row": 17,\n              "col": 2\n            },\n            "end": {\n              "row": 17,\n              "col": 28\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 1\n            },\n            "end": {\n              "row": 20,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 9\n            },\n            "end": {\n              "row": 20,\n              "col": 24\n            }\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 1\n            },\n            "end": {\n              "row": 22,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 9\n            },\n            "end": {\n              "row": 22,\n              "col": 24\n            }\n          },\n          {\n            "start": {\n              "row": 24,\n              "col": 1\n            },\n            "end": {\n              "row": 24,\n              "col": 17\n            }\n          },\n          {\n            "start": {\n              "row": 25,\n              "col": 2\n            },\n            "end": {\n              "row": 25,\n              "col": 9\n            }\n          },\n          {\n            "start": {\n              "row": 26,\n              "col": 3\n            },\n            "end": {\n              "row": 26,\n              "col": 18\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 1\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 9\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 48\n            },\n            "end": {\n              "row": 28,\n              "col": 67\n            }\n          }\n        ],\n        "covered_lines": 3,\n        "not_covered_lines": 12,\n        "coverage": 20\n      }\n    },\n    "covered_lines": 3,\n    "not_covered_lines": 12,\n    "coverage": 20\n  }\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "x/shop", "-i", "x/in.json", "--coverage", "data.shop.busy"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "data.shop.busy",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ]\n    }\n  ],\n  "coverage": {\n    "files": {\n      "x/shop/shop.rego": {\n        "covered": [\n          {\n            "start": {\n              "row": 20,\n              "col": 1\n            },\n            "end": {\n              "row": 20,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 9\n            },\n            "end": {\n              "row": 20,\n              "col": 20\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 9\n            },\n            "end": {\n              "row": 20,\n              "col": 24\n            }\n          }\n        ],\n        "not_covered": [\n          {\n            "start": {\n              "row": 3,\n              "col": 1\n            },\n            "end": {\n              "row": 3,\n              "col": 8\n            }\n          },\n          {\n            "start": {\n              "row": 3,\n              "col": 9\n            },\n            "end": {\n              "row": 3,\n              "col": 22\n            }\n          },\n          {\n            "start": {\n              "row": 5,\n              "col": 1\n            },\n            "end": {\n              "row": 5,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 6,\n              "col": 2\n            },\n            "end": {\n              "row": 6,\n              "col": 23\n            }\n          },\n          {\n            "start": {\n              "row": 7,\n              "col": 2\n            },\n            "end": {\n              "row": 7,\n              "col": 16\n            }\n          },\n          {\n            "start": {\n              "row": 10,\n              "col": 1\n            },\n            "end": {\n              "row": 10,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 11,\n              "col": 2\n            },\n            "end": {\n              "row": 11,\n              "col": 23\n            }\n          },\n          {\n            "start": {\n              "row": 12,\n              "col": 2\n            },\n            "end": {\n              "row": 12,\n              "col": 17\n            }\n          },\n          {\n            "start": {\n              "row": 15,\n              "col": 1\n            },\n            "end": {\n              "row": 15,\n              "col": 20\n            }\n          },\n          {\n            "start": {\n              "row": 17,\n              "col": 2\n            },\n            "end": {\n              "row": 17,\n              "col": 28\n            }\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 1\n            },\n            "end": {\n              "row": 22,\n              "col": 5\n            },\n            "kinds": [\n              "early_exit"\n            ]\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 9\n            },\n            "end": {\n              "row": 22,\n              "col": 24\n            },\n            "kinds": [\n              "early_exit"\n            ]\n          },\n          {\n            "start": {\n              "row": 24,\n              "col": 1\n            },\n            "end": {\n              "row": 24,\n              "col": 17\n            }\n          },\n          {\n            "start": {\n              "row": 25,\n              "col": 2\n            },\n            "end": {\n              "row": 25,\n              "col": 9\n            }\n          },\n          {\n            "start": {\n              "row": 26,\n              "col": 3\n            },\n            "end": {\n              "row": 26,\n              "col": 18\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 1\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 9\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 48\n            },\n            "end": {\n              "row": 28,\n              "col": 67\n            }\n          }\n        ],\n        "covered_lines": 1,\n        "not_covered_lines": 14,\n        "coverage": 6.666666666666667\n      }\n    },\n    "covered_lines": 1,\n    "not_covered_lines": 14,\n    "coverage": 6.666666666666667\n  }\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "x/shop", "-i", "x/in.json", "--coverage", "--coverage-runs", "early_exit", "data.shop.busy"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "data.shop.busy",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ]\n    }\n  ],\n  "coverage": {\n    "files": {\n      "x/shop/shop.rego": {\n        "covered": [\n          {\n            "start": {\n              "row": 20,\n              "col": 1\n            },\n            "end": {\n              "row": 20,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 9\n            },\n            "end": {\n              "row": 20,\n              "col": 20\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 9\n            },\n            "end": {\n              "row": 20,\n              "col": 24\n            }\n          }\n        ],\n        "not_covered": [\n          {\n            "start": {\n              "row": 3,\n              "col": 1\n            },\n            "end": {\n              "row": 3,\n              "col": 8\n            }\n          },\n          {\n            "start": {\n              "row": 3,\n              "col": 9\n            },\n            "end": {\n              "row": 3,\n              "col": 22\n            }\n          },\n          {\n            "start": {\n              "row": 5,\n              "col": 1\n            },\n            "end": {\n              "row": 5,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 6,\n              "col": 2\n            },\n            "end": {\n              "row": 6,\n              "col": 23\n            }\n          },\n          {\n            "start": {\n              "row": 7,\n              "col": 2\n            },\n            "end": {\n              "row": 7,\n              "col": 16\n            }\n          },\n          {\n            "start": {\n              "row": 10,\n              "col": 1\n            },\n            "end": {\n              "row": 10,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 11,\n              "col": 2\n            },\n            "end": {\n              "row": 11,\n              "col": 23\n            }\n          },\n          {\n            "start": {\n              "row": 12,\n              "col": 2\n            },\n            "end": {\n              "row": 12,\n              "col": 17\n            }\n          },\n          {\n            "start": {\n              "row": 15,\n              "col": 1\n            },\n            "end": {\n              "row": 15,\n              "col": 20\n            }\n          },\n          {\n            "start": {\n              "row": 17,\n              "col": 2\n            },\n            "end": {\n              "row": 17,\n              "col": 28\n            }\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 1\n            },\n            "end": {\n              "row": 22,\n              "col": 5\n            },\n            "kinds": [\n              "early_exit"\n            ]\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 9\n            },\n            "end": {\n              "row": 22,\n              "col": 24\n            },\n            "kinds": [\n              "early_exit"\n            ]\n          },\n          {\n            "start": {\n              "row": 24,\n              "col": 1\n            },\n            "end": {\n              "row": 24,\n              "col": 17\n            }\n          },\n          {\n            "start": {\n              "row": 25,\n              "col": 2\n            },\n            "end": {\n              "row": 25,\n              "col": 9\n            }\n          },\n          {\n            "start": {\n              "row": 26,\n              "col": 3\n            },\n            "end": {\n              "row": 26,\n              "col": 18\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 1\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 9\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 48\n            },\n            "end": {\n              "row": 28,\n              "col": 67\n            }\n          }\n        ],\n        "covered_lines": 1,\n        "not_covered_lines": 14,\n        "coverage": 6.666666666666667\n      }\n    },\n    "covered_lines": 1,\n    "not_covered_lines": 14,\n    "coverage": 6.666666666666667\n  }\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "x/shop", "-i", "x/in.json", "--coverage-runs=", "data.shop.busy"],
    status: 0,
    out: '{\n  "result": [\n    {\n      "expressions": [\n        {\n          "value": true,\n          "text": "data.shop.busy",\n          "location": {\n            "row": 1,\n            "col": 1\n          }\n        }\n      ]\n    }\n  ],\n  "coverage": {\n    "files": {\n      "x/shop/shop.rego": {\n        "covered": [\n          {\n            "start": {\n              "row": 20,\n              "col": 1\n            },\n            "end": {\n              "row": 20,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 9\n            },\n            "end": {\n              "row": 20,\n              "col": 20\n            }\n          },\n          {\n            "start": {\n              "row": 20,\n              "col": 9\n            },\n            "end": {\n              "row": 20,\n              "col": 24\n            }\n          }\n        ],\n        "not_covered": [\n          {\n            "start": {\n              "row": 3,\n              "col": 1\n            },\n            "end": {\n              "row": 3,\n              "col": 8\n            }\n          },\n          {\n            "start": {\n              "row": 3,\n              "col": 9\n            },\n            "end": {\n              "row": 3,\n              "col": 22\n            }\n          },\n          {\n            "start": {\n              "row": 5,\n              "col": 1\n            },\n            "end": {\n              "row": 5,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 6,\n              "col": 2\n            },\n            "end": {\n              "row": 6,\n              "col": 23\n            }\n          },\n          {\n            "start": {\n              "row": 7,\n              "col": 2\n            },\n            "end": {\n              "row": 7,\n              "col": 16\n            }\n          },\n          {\n            "start": {\n              "row": 10,\n              "col": 1\n            },\n            "end": {\n              "row": 10,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 11,\n              "col": 2\n            },\n            "end": {\n              "row": 11,\n              "col": 23\n            }\n          },\n          {\n            "start": {\n              "row": 12,\n              "col": 2\n            },\n            "end": {\n              "row": 12,\n              "col": 17\n            }\n          },\n          {\n            "start": {\n              "row": 15,\n              "col": 1\n            },\n            "end": {\n              "row": 15,\n              "col": 20\n            }\n          },\n          {\n            "start": {\n              "row": 17,\n              "col": 2\n            },\n            "end": {\n              "row": 17,\n              "col": 28\n            }\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 1\n            },\n            "end": {\n              "row": 22,\n              "col": 5\n            }\n          },\n          {\n            "start": {\n              "row": 22,\n              "col": 9\n            },\n            "end": {\n              "row": 22,\n              "col": 24\n            }\n          },\n          {\n            "start": {\n              "row": 24,\n              "col": 1\n            },\n            "end": {\n              "row": 24,\n              "col": 17\n            }\n          },\n          {\n            "start": {\n              "row": 25,\n              "col": 2\n            },\n            "end": {\n              "row": 25,\n              "col": 9\n            }\n          },\n          {\n            "start": {\n              "row": 26,\n              "col": 3\n            },\n            "end": {\n              "row": 26,\n              "col": 18\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 1\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 9\n            },\n            "end": {\n              "row": 28,\n              "col": 69\n            }\n          },\n          {\n            "start": {\n              "row": 28,\n              "col": 48\n            },\n            "end": {\n              "row": 28,\n              "col": 67\n            }\n          }\n        ],\n        "covered_lines": 1,\n        "not_covered_lines": 14,\n        "coverage": 6.666666666666667\n      }\n    },\n    "covered_lines": 1,\n    "not_covered_lines": 14,\n    "coverage": 6.666666666666667\n  }\n}\n',
    error: "",
  },
  {
    argv: ["eval", "-d", "x/shop", "-i", "x/in.json", "--coverage", "--format", "pretty", "data.shop"],
    status: 0,
    out: '{\n  "bill": 5,\n  "busy": true,\n  "open": true,\n  "staff": [\n    "ann",\n    "eve"\n  ]\n}\n┌──────────────────┬───────┐\n│ Overall Coverage │ 50.00 │\n└──────────────────┴───────┘\n',
    error: "",
  },
  {
    argv: ["inspect", "x/bundle"],
    status: 0,
    out: 'MANIFEST:\n┌──────────┬──────────────┐\n│  FIELD   │    VALUE     │\n├──────────┼──────────────┤\n│ Revision │ r7           │\n│ Roots    │ rates        │\n│          │ tills        │\n│ Metadata │ {"by":"ann"} │\n└──────────┴──────────────┘\nNAMESPACES:\n┌────────────┬───────────────────────────┐\n│ NAMESPACE  │           FILE            │\n├────────────┼───────────────────────────┤\n│ data.rates │ x/bundle/rates/data.yaml  │\n│ data.tills │ x/bundle/tills/tills.rego │\n└────────────┴───────────────────────────┘\n',
    error: "",
  },
  {
    argv: ["inspect", "-a", "x/meta.rego"],
    status: 0,
    out: 'NAMESPACES:\n┌────────────┬─────────────┐\n│ NAMESPACE  │    FILE     │\n├────────────┼─────────────┤\n│ data.tills │ x/meta.rego │\n└────────────┴─────────────┘\nANNOTATIONS:\nTills\n=====\n\nWhat a till does.\nAnd what it does not.\n\n\nPackage:  tills\nLocation: x/meta.rego:18\nScope: package\n\nOrganizations:\n Shop\n\nAuthors:\n Ann <ann@shop.example>\n Bob\n\nRelated Resources:\n https://shop.example/a      the rules\n https://shop.example/longer\n\nCustom:\n level: {"a":[2],"b":1}\n x:     "text"\n\nOpen\n====\n\nPackage:  tills\nRule:     closed\nLocation: x/meta.rego:30\nScope: document\nEntrypoint: true\n\ntills.open\n==========\n\nPackage:  tills\nRule:     open\nLocation: x/meta.rego:25\nScope: rule\n\nSchemas:\n input:      {"properties":{"a":{"type":"number"},"z":{"type":"string"}},"typ...\n data.rates: schema.rates\n\n',
    error: "",
  },
  {
    argv: ["inspect", "-a", "x/shop"],
    status: 0,
    out: "NAMESPACES:\n┌───────────┬──────────────────┐\n│ NAMESPACE │       FILE       │\n├───────────┼──────────────────┤\n│ data      │ x/shop/data.json │\n│ data.shop │ x/shop/shop.rego │\n└───────────┴──────────────────┘\n",
    error: "",
  },
  {
    argv: ["inspect", "nope"],
    status: 1,
    out: "",
    error: 'error: error reading "nope": stat nope: no such file or directory\n',
  },
  {
    argv: ["eval", "-d", "x/typo.rego", "-s", "x/schemas/input.json", "data.typo", "-f", "pretty"],
    status: 2,
    out: "",
    error:
      '2 errors occurred:\nx/typo.rego:3: rego_type_error: undefined ref: input.daz\n\tinput.daz\n\t      ^\n\t      have: "daz"\n\t      want (one of): ["day" "hour"]\nx/typo.rego:5: rego_type_error: match error\n\tleft  : number\n\tright : string\n',
  },
  {
    argv: ["eval", "-d", "x/typo.rego", "-s", "x/nope", "data.typo"],
    status: 2,
    out: "",
    error: "1 error occurred during loading: stat x/nope: no such file or directory\n",
  },
  {
    argv: ["eval", "--import", "x.y", "true"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "unexpected import path, must begin with one of: {data, future, input, rego}, got: x (hint: if this is unexpected, try updating OPA)",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 8\n      },\n      "details": {\n        "line": "import x.y",\n        "idx": 7\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "--import", "data.a; x", "true"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "unexpected ; token",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 14\n      },\n      "details": {\n        "line": "import data.a; x",\n        "idx": 13\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "--package", "a; b", "true"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "unexpected ; token",\n      "code": "rego_parse_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 10\n      },\n      "details": {\n        "line": "package a; b",\n        "idx": 9\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "--package", "shop", "-d", "x/shop", "-i", "x/in.json", "-f", "raw", "size(bill)"],
    status: 0,
    out: "small\n",
    error: "",
  },
  {
    argv: [
      "eval",
      "--import",
      "data.shop.size",
      "--import",
      "input.hour",
      "-d",
      "x/shop",
      "-i",
      "x/in.json",
      "-f",
      "raw",
      "size(hour)",
    ],
    status: 0,
    out: "small\n",
    error: "",
  },
  { argv: ["test", "-r", "(", "x/shop"], status: 1, out: "", error: "error parsing regexp: missing closing ): `(`\n" },
  { argv: ["eval", "--timeout", "5s", "-f", "raw", "1"], status: 0, out: "1\n", error: "" },
  {
    argv: ["eval", "--disable-indexing", "--optimize-store-for-read-speed", "-f", "raw", "1"],
    status: 0,
    out: "1\n",
    error: "",
  },
  {
    argv: [
      "eval",
      "-f",
      "pretty",
      "--pretty-limit",
      "0",
      'x := "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"',
    ],
    status: 0,
    out: '┌────────────────────────────────────────────────────────────────────────────────────────────────────────────┐\n│                                                     x                                                      │\n├────────────────────────────────────────────────────────────────────────────────────────────────────────────┤\n│ "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz" │\n└────────────────────────────────────────────────────────────────────────────────────────────────────────────┘\n',
    error: "",
  },
  { argv: ["eval", "--import", "rego.v2", "-f", "raw", "true and not { false }"], status: 0, out: "true\n", error: "" },
  { argv: ["eval", "--capabilities", "v1.5.0", "-f", "raw", "count([1])"], status: 0, out: "1\n", error: "" },
  {
    argv: ["eval", "--capabilities", "v0.60.0", "1"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "illegal capabilities: rego_v1 feature required for parsing v1 Rego",\n      "code": "rego_parse_error"\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["eval", "--capabilities", "v0.60.0", "--v0-compatible", "-f", "raw", "count([1])"],
    status: 0,
    out: "1\n",
    error: "",
  },
  {
    argv: ["eval", "--capabilities", "x/capabilities.json", "count([1])"],
    status: 2,
    out: '{\n  "errors": [\n    {\n      "message": "undefined function count",\n      "code": "rego_type_error",\n      "location": {\n        "file": "",\n        "row": 1,\n        "col": 1\n      }\n    }\n  ]\n}\n',
    error: "",
  },
  {
    argv: ["check", "-s", "x/schemas/input.json", "x/typo.rego"],
    status: 1,
    out: "",
    error:
      '2 errors occurred:\nx/typo.rego:3: rego_type_error: undefined ref: input.daz\n\tinput.daz\n\t      ^\n\t      have: "daz"\n\t      want (one of): ["day" "hour"]\nx/typo.rego:5: rego_type_error: match error\n\tleft  : number\n\tright : string\n',
  },
  { argv: ["check", "--capabilities", "x/capabilities.json", "x/known.rego"], status: 0, out: "", error: "" },
  {
    argv: ["check", "--capabilities", "x/capabilities.json", "x/unknown.rego"],
    status: 1,
    out: "",
    error: "1 error occurred: x/unknown.rego:3: rego_type_error: undefined function count\n",
  },
  {
    argv: ["check", "--capabilities", "x/capabilities.json", "x/mistyped.rego"],
    status: 1,
    out: "",
    error:
      "1 error occurred: x/mistyped.rego:3: rego_type_error: shop.price: invalid argument(s)\n\thave: (number, ???)\n\twant: (string, number)\n",
  },
  {
    argv: ["check", "--capabilities", "v0.46.0", "--v0-compatible", "x/keys.rego"],
    status: 1,
    out: "",
    error: "1 error occurred: x/keys.rego:3: rego_type_error: undefined function object.keys\n",
  },
  { argv: ["check", "--capabilities", "v0.47.0", "--v0-compatible", "x/keys.rego"], status: 0, out: "", error: "" },
  {
    argv: ["check", "--capabilities", "v0.45.0", "--v0-compatible", "x/dotted.rego"],
    status: 1,
    out: "",
    error: "1 error occurred: x/dotted.rego:3: rego_compile_error: rule heads with refs are not supported: a.b.c\n",
  },
  {
    argv: ["check", "--capabilities", "v0.46.0", "--v0-compatible", "x/general.rego"],
    status: 1,
    out: "",
    error:
      "1 error occurred: x/general.rego:3: rego_type_error: rule heads with general refs (containing variables) are not supported: a[x].c\n",
  },
  { argv: ["check", "--capabilities", "v0.59.0", "--v0-compatible", "x/general.rego"], status: 0, out: "", error: "" },
  {
    argv: ["check", "--rego-v1", "--v0-compatible", "x/old.rego"],
    status: 1,
    out: "",
    error:
      "1 error occurred during loading: x/old.rego:3: rego_parse_error: `if` keyword is required before rule body\n",
  },
  {
    argv: [
      "check",
      "--ignore",
      "keys.rego,d*,old.rego,general.rego,shop*,unknown.rego,known.rego,mistyped.rego,o*",
      "x",
    ],
    status: 0,
    out: "",
    error: "",
  },
  { argv: ["fmt", "x/words.rego"], status: 0, out: "package w\n\nimport rego.v1\n\np if input.with.x\n", error: "" },
  { argv: ["fmt", "--drop-v0-imports", "x/words.rego"], status: 0, out: "package w\n\np if input.with.x\n", error: "" },
  {
    argv: ["fmt", "--capabilities", "v1.5.0", "x/words.rego"],
    status: 0,
    out: 'package w\n\nimport rego.v1\n\np if input["with"].x\n',
    error: "",
  },
  {
    argv: ["fmt", "--rego-v1", "x/old.rego"],
    status: 0,
    out: "package o\n\nimport rego.v1\n\np if input.x\n",
    error: "",
  },
  {
    argv: ["fmt", "x/operands.rego"],
    status: 2,
    out: "",
    error:
      "failed to format Rego source file: x/operands.rego: 1 error occurred: x/operands.rego:3: rego_type_error: plus: arity mismatch\n\thave: (number)\n\twant: (number,number)\n",
  },
  {
    argv: ["fmt", "x/deprecated.rego"],
    status: 2,
    out: "",
    error:
      "failed to format Rego source file: 1 error occurred: x/deprecated.rego:3: rego_type_error: deprecated built-in function calls in expression: any\n",
  },
  {
    argv: ["fmt", "--v0-v1", "x/deprecated.rego"],
    status: 2,
    out: "",
    error:
      "failed to format Rego source file: 3 errors occurred:\nx/deprecated.rego:3: rego_parse_error: var cannot be used for rule name (hint: `import future.keywords.if` for `p if { ... }` rules)\nx/deprecated.rego:3: rego_parse_error: var cannot be used for rule name (hint: `import future.keywords.if` for `p if { ... }` rules)\nx/deprecated.rego:3: rego_parse_error: rule name conflicts with built-in function\n",
  },
  { argv: ["test", "x/shop", "x/shop_test.rego"], status: 0, out: "PASS: 4/4\n", error: "" },
  {
    argv: ["test", "-c", "x/shop", "x/shop_test.rego"],
    status: 0,
    out: '{\n  "files": {\n    "x/shop/shop.rego": {\n      "covered": [\n        {\n          "start": {\n            "row": 10,\n            "col": 1\n          },\n          "end": {\n            "row": 10,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 23\n          }\n        },\n        {\n          "start": {\n            "row": 12,\n            "col": 2\n          },\n          "end": {\n            "row": 12,\n            "col": 12\n          }\n        },\n        {\n          "start": {\n            "row": 12,\n            "col": 2\n          },\n          "end": {\n            "row": 12,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 1\n          },\n          "end": {\n            "row": 20,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 9\n          },\n          "end": {\n            "row": 20,\n            "col": 20\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 9\n          },\n          "end": {\n            "row": 20,\n            "col": 24\n          }\n        },\n        {\n          "start": {\n            "row": 24,\n            "col": 1\n          },\n          "end": {\n            "row": 24,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 25,\n            "col": 2\n          },\n          "end": {\n            "row": 25,\n            "col": 9\n          }\n        },\n        {\n          "start": {\n            "row": 26,\n            "col": 3\n          },\n          "end": {\n            "row": 26,\n            "col": 18\n          }\n        }\n      ],\n      "not_covered": [\n        {\n          "start": {\n            "row": 3,\n            "col": 1\n          },\n          "end": {\n            "row": 3,\n            "col": 8\n          }\n        },\n        {\n          "start": {\n            "row": 3,\n            "col": 9\n          },\n          "end": {\n            "row": 3,\n            "col": 22\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 6,\n            "col": 2\n          },\n          "end": {\n            "row": 6,\n            "col": 23\n          },\n          "kinds": [\n            "index_excluded"\n          ]\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 2\n          },\n          "end": {\n            "row": 7,\n            "col": 16\n          }\n        },\n        {\n          "start": {\n            "row": 15,\n            "col": 1\n          },\n          "end": {\n            "row": 15,\n            "col": 20\n          }\n        },\n        {\n          "start": {\n            "row": 17,\n            "col": 2\n          },\n          "end": {\n            "row": 17,\n            "col": 28\n          }\n        },\n        {\n          "start": {\n            "row": 22,\n            "col": 1\n          },\n          "end": {\n            "row": 22,\n            "col": 5\n          },\n          "kinds": [\n            "early_exit"\n          ]\n        },\n        {\n          "start": {\n            "row": 22,\n            "col": 9\n          },\n          "end": {\n            "row": 22,\n            "col": 24\n          },\n          "kinds": [\n            "early_exit"\n          ]\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 1\n          },\n          "end": {\n            "row": 28,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 9\n          },\n          "end": {\n            "row": 28,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 48\n          },\n          "end": {\n            "row": 28,\n            "col": 67\n          }\n        }\n      ],\n      "covered_lines": 7,\n      "not_covered_lines": 8,\n      "coverage": 46.666666666666664\n    },\n    "x/shop_test.rego": {\n      "covered": [\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 12\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 16\n          },\n          "end": {\n            "row": 5,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 1\n          },\n          "end": {\n            "row": 7,\n            "col": 10\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 14\n          },\n          "end": {\n            "row": 7,\n            "col": 62\n          }\n        },\n        {\n          "start": {\n            "row": 9,\n            "col": 1\n          },\n          "end": {\n            "row": 9,\n            "col": 16\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 2\n          },\n          "end": {\n            "row": 10,\n            "col": 65\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 20\n          },\n          "end": {\n            "row": 10,\n            "col": 65\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 19\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 29\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 12\n          },\n          "end": {\n            "row": 11,\n            "col": 18\n          }\n        }\n      ],\n      "covered_lines": 5,\n      "coverage": 100\n    }\n  },\n  "covered_lines": 12,\n  "not_covered_lines": 8,\n  "coverage": 60\n}\n',
    error: "",
  },
  {
    argv: ["test", "--coverage-runs=", "x/shop", "x/shop_test.rego"],
    status: 0,
    out: '{\n  "files": {\n    "x/shop/shop.rego": {\n      "covered": [\n        {\n          "start": {\n            "row": 10,\n            "col": 1\n          },\n          "end": {\n            "row": 10,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 23\n          }\n        },\n        {\n          "start": {\n            "row": 12,\n            "col": 2\n          },\n          "end": {\n            "row": 12,\n            "col": 12\n          }\n        },\n        {\n          "start": {\n            "row": 12,\n            "col": 2\n          },\n          "end": {\n            "row": 12,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 1\n          },\n          "end": {\n            "row": 20,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 9\n          },\n          "end": {\n            "row": 20,\n            "col": 20\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 9\n          },\n          "end": {\n            "row": 20,\n            "col": 24\n          }\n        },\n        {\n          "start": {\n            "row": 24,\n            "col": 1\n          },\n          "end": {\n            "row": 24,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 25,\n            "col": 2\n          },\n          "end": {\n            "row": 25,\n            "col": 9\n          }\n        },\n        {\n          "start": {\n            "row": 26,\n            "col": 3\n          },\n          "end": {\n            "row": 26,\n            "col": 18\n          }\n        }\n      ],\n      "not_covered": [\n        {\n          "start": {\n            "row": 3,\n            "col": 1\n          },\n          "end": {\n            "row": 3,\n            "col": 8\n          }\n        },\n        {\n          "start": {\n            "row": 3,\n            "col": 9\n          },\n          "end": {\n            "row": 3,\n            "col": 22\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 6,\n            "col": 2\n          },\n          "end": {\n            "row": 6,\n            "col": 23\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 2\n          },\n          "end": {\n            "row": 7,\n            "col": 16\n          }\n        },\n        {\n          "start": {\n            "row": 15,\n            "col": 1\n          },\n          "end": {\n            "row": 15,\n            "col": 20\n          }\n        },\n        {\n          "start": {\n            "row": 17,\n            "col": 2\n          },\n          "end": {\n            "row": 17,\n            "col": 28\n          }\n        },\n        {\n          "start": {\n            "row": 22,\n            "col": 1\n          },\n          "end": {\n            "row": 22,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 22,\n            "col": 9\n          },\n          "end": {\n            "row": 22,\n            "col": 24\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 1\n          },\n          "end": {\n            "row": 28,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 9\n          },\n          "end": {\n            "row": 28,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 48\n          },\n          "end": {\n            "row": 28,\n            "col": 67\n          }\n        }\n      ],\n      "covered_lines": 7,\n      "not_covered_lines": 8,\n      "coverage": 46.666666666666664\n    },\n    "x/shop_test.rego": {\n      "covered": [\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 12\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 16\n          },\n          "end": {\n            "row": 5,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 1\n          },\n          "end": {\n            "row": 7,\n            "col": 10\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 14\n          },\n          "end": {\n            "row": 7,\n            "col": 62\n          }\n        },\n        {\n          "start": {\n            "row": 9,\n            "col": 1\n          },\n          "end": {\n            "row": 9,\n            "col": 16\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 2\n          },\n          "end": {\n            "row": 10,\n            "col": 65\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 20\n          },\n          "end": {\n            "row": 10,\n            "col": 65\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 19\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 29\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 12\n          },\n          "end": {\n            "row": 11,\n            "col": 18\n          }\n        }\n      ],\n      "covered_lines": 5,\n      "coverage": 100\n    }\n  },\n  "covered_lines": 12,\n  "not_covered_lines": 8,\n  "coverage": 60\n}\n',
    error: "",
  },
  {
    argv: ["test", "-c", "-r", "none", "x/shop_test.rego", "x/shop"],
    status: 0,
    out: '{\n  "files": {\n    "x/shop/shop.rego": {\n      "not_covered": [\n        {\n          "start": {\n            "row": 3,\n            "col": 1\n          },\n          "end": {\n            "row": 3,\n            "col": 8\n          }\n        },\n        {\n          "start": {\n            "row": 3,\n            "col": 9\n          },\n          "end": {\n            "row": 3,\n            "col": 22\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 6,\n            "col": 2\n          },\n          "end": {\n            "row": 6,\n            "col": 23\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 2\n          },\n          "end": {\n            "row": 7,\n            "col": 16\n          }\n        },\n        {\n          "start": {\n            "row": 10,\n            "col": 1\n          },\n          "end": {\n            "row": 10,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 23\n          }\n        },\n        {\n          "start": {\n            "row": 12,\n            "col": 2\n          },\n          "end": {\n            "row": 12,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 15,\n            "col": 1\n          },\n          "end": {\n            "row": 15,\n            "col": 20\n          }\n        },\n        {\n          "start": {\n            "row": 17,\n            "col": 2\n          },\n          "end": {\n            "row": 17,\n            "col": 28\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 1\n          },\n          "end": {\n            "row": 20,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 20,\n            "col": 9\n          },\n          "end": {\n            "row": 20,\n            "col": 24\n          }\n        },\n        {\n          "start": {\n            "row": 22,\n            "col": 1\n          },\n          "end": {\n            "row": 22,\n            "col": 5\n          }\n        },\n        {\n          "start": {\n            "row": 22,\n            "col": 9\n          },\n          "end": {\n            "row": 22,\n            "col": 24\n          }\n        },\n        {\n          "start": {\n            "row": 24,\n            "col": 1\n          },\n          "end": {\n            "row": 24,\n            "col": 17\n          }\n        },\n        {\n          "start": {\n            "row": 25,\n            "col": 2\n          },\n          "end": {\n            "row": 25,\n            "col": 9\n          }\n        },\n        {\n          "start": {\n            "row": 26,\n            "col": 3\n          },\n          "end": {\n            "row": 26,\n            "col": 18\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 1\n          },\n          "end": {\n            "row": 28,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 9\n          },\n          "end": {\n            "row": 28,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 28,\n            "col": 48\n          },\n          "end": {\n            "row": 28,\n            "col": 67\n          }\n        }\n      ],\n      "not_covered_lines": 15\n    },\n    "x/shop_test.rego": {\n      "not_covered": [\n        {\n          "start": {\n            "row": 5,\n            "col": 1\n          },\n          "end": {\n            "row": 5,\n            "col": 12\n          }\n        },\n        {\n          "start": {\n            "row": 5,\n            "col": 16\n          },\n          "end": {\n            "row": 5,\n            "col": 69\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 1\n          },\n          "end": {\n            "row": 7,\n            "col": 10\n          }\n        },\n        {\n          "start": {\n            "row": 7,\n            "col": 14\n          },\n          "end": {\n            "row": 7,\n            "col": 62\n          }\n        },\n        {\n          "start": {\n            "row": 9,\n            "col": 1\n          },\n          "end": {\n            "row": 9,\n            "col": 16\n          }\n        },\n        {\n          "start": {\n            "row": 11,\n            "col": 2\n          },\n          "end": {\n            "row": 11,\n            "col": 29\n          }\n        }\n      ],\n      "not_covered_lines": 4\n    }\n  },\n  "covered_lines": 0,\n  "not_covered_lines": 19,\n  "coverage": 0\n}\n',
    error: "",
  },
  { argv: ["test", "-f", "json", "-r", "none", "x/shop", "x/shop_test.rego"], status: 0, out: "[]\n", error: "" },
  {
    argv: ["test", "--fail-on-empty", "-r", "none", "x/shop", "x/shop_test.rego"],
    status: 1,
    out: "",
    error: "no tests were run\n",
  },
  {
    argv: ["test", "--capabilities", "v1.2.0", "-p", "4", "--timeout", "1m", "x/shop", "x/shop_test.rego"],
    status: 0,
    out: "PASS: 4/4\n",
    error: "",
  },
  {
    argv: ["test", "--threshold", "101", "x/shop"],
    status: 1,
    out: "",
    error: "Code coverage threshold must be between 0 and 100\n",
  },
  { argv: ["test", "x/shop_test.rego", "--ignore", "a,b", "x/shop"], status: 0, out: "PASS: 4/4\n", error: "" },
];
