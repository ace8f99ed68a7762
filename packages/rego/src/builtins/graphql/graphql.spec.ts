import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toDocument } from "../../runtime/to-document.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure } from "../failure.ts";
import { graphql } from "./graphql.ts";

// as: these builtins ask nothing of the evaluation but to count
const context = { charge: () => {} } as unknown as BuiltinContext;

const schema = `
type Query { a: Int b(x: Int!, y: [String!] = ["q"]): B c: U }
type B { id: ID! e: E self: B }
type C { name: String }
enum E { X Y }
union U = B | C
input In { a: Int! b: In }
type Mutation { m(i: In!): B }
type Subscription { s: Int t: Int }
`;

function call(name: string, ...args: Value[]): Value {
  const implementation = graphql.get(name);
  assert.ok(implementation);
  return toDocument(implementation(context, ...args) ?? null);
}

function failureOf(name: string, ...args: Value[]): string {
  try {
    return `no failure, but ${JSON.stringify(call(name, ...args))}`;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return failure.message;
    throw failure;
  }
}

describe("graphql", () => {
  it("gives the tree of a query, without places and without what is empty", () => {
    assert.deepEqual(call("graphql.parse_query", "query Q($v: Int = 1) { x: a(k: [$v]) @d ...F }"), {
      Operations: [
        {
          Name: "Q",
          Operation: "query",
          VariableDefinitions: [
            {
              DefaultValue: { ExpectedTypeHasDefault: false, Kind: 1, Raw: "1" },
              Type: { NamedType: "Int", NonNull: false },
              Used: false,
              Variable: "v",
            },
          ],
          SelectionSet: [
            {
              Alias: "x",
              Name: "a",
              Arguments: [
                {
                  Name: "k",
                  Value: {
                    Children: [{ Name: "", Value: { ExpectedTypeHasDefault: false, Kind: 0, Raw: "v" } }],
                    ExpectedTypeHasDefault: false,
                    Kind: 8,
                    Raw: "",
                  },
                },
              ],
              Directives: [{ Location: "", Name: "d" }],
            },
            { Name: "F" },
          ],
        },
      ],
    });
  });

  it("keeps the comments that gqlparser keeps", () => {
    assert.deepEqual(
      call("graphql.parse_schema", '# a\n"desc" # b\ntype A { # c\n  x: Int # d\n} # e\nscalar B # g\n'),
      {
        Comment: { List: [{ Value: "# g" }] },
        Definitions: [
          {
            AfterDescriptionComment: { List: [{ Value: "# b" }] },
            BeforeDescriptionComment: { List: [{ Value: "# a" }] },
            BuiltIn: false,
            Description: "desc",
            EndOfDefinitionComment: { List: [{ Value: "# d" }] },
            Fields: [
              {
                AfterDescriptionComment: { List: [{ Value: "# c" }] },
                Description: "",
                Name: "x",
                Type: { NamedType: "Int", NonNull: false },
              },
            ],
            Kind: "OBJECT",
            Name: "A",
          },
          {
            AfterDescriptionComment: { List: [{ Value: "# e" }] },
            BuiltIn: false,
            Description: "",
            Kind: "SCALAR",
            Name: "B",
          },
        ],
      },
    );
  });

  // Texts as `opa eval --strict-builtin-errors` gives them.
  const refusals: [query: string, text: string][] = [
    [
      "{ a { x } }",
      'Cannot query field "x" on type "Int".\ninput:1:3: Field "a" must not have a selection since type "Int" has no subfields in GraphQL string at location 1:7',
    ],
    ["{ bb }", 'Cannot query field "bb" on type "Query". Did you mean "b"?\n in GraphQL string at location 1:3'],
    ["{ a", "Expected Name, found <EOF> in GraphQL string at location 1:4"],
    [
      "{ b(x: 1) }",
      'Field "b" of type "B" must have a selection of subfields. Did you mean "b { ... }"?\n in GraphQL string at location 1:3',
    ],
    [
      "{ a: b(x: 1) { id } a: c { __typename } }",
      'Fields "a" conflict because "b" and "c" are different fields. Use different aliases on the fields to fetch both if this was intentional in GraphQL string at location 1:21',
    ],
    [
      "subscription { s t }",
      "Anonymous Subscription must select only one top level field in GraphQL string at location 1:18",
    ],
    [
      "mutation { m(i: {b: {a: 1}}) { id } }",
      'Field "In.a" of required type "Int!" was not provided in GraphQL string at location 1:17',
    ],
  ];
  for (const [query, text] of refusals) {
    it(`refuses ${query}`, () => {
      assert.equal(failureOf("graphql.parse", query, schema), text);
      assert.equal(call("graphql.is_valid", query, schema), false);
      assert.deepEqual(call("graphql.parse_and_verify", query, schema), [false, {}, {}]);
    });
  }

  it("takes trees in the place of texts", () => {
    const [query, tree] = [call("graphql.parse_query", "{ a }"), call("graphql.parse_schema", schema)];
    assert.equal(call("graphql.is_valid", query, tree), true);
    assert.equal(call("graphql.is_valid", { Operations: "x" }, tree), false);
    assert.equal(call("graphql.schema_is_valid", tree), true);
  });

  it("says what is wrong with a schema", () => {
    assert.equal(
      failureOf("graphql.parse", "{ a }", "type A { x: Unknown }"),
      "Error in gqlparser SchemaDocument to Schema conversion: input:1:13: Undefined type Unknown.",
    );
    assert.equal(call("graphql.schema_is_valid", "input A { b: A! } type Query { x: Int }"), false);
  });
});
