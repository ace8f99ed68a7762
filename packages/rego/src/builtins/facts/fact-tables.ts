/** All tables of calls and what OPA answers to them, by family. */
import { collectionsFacts } from "./collections-data.ts";
import { cryptoFacts } from "./crypto-data.ts";
import { encodingsFacts } from "./encodings-data.ts";
import { evaluationFacts } from "./evaluation-data.ts";
import { graphqlFacts } from "./graphql-data.ts";
import { jsonFacts } from "./json-data.ts";
import { jwtFacts } from "./jwt-data.ts";
import { netFacts } from "./net-data.ts";
import { randomFacts } from "./random-data.ts";
import { regexFacts } from "./regex-data.ts";
import { requestFacts } from "./request-data.ts";
import { sprintfFacts } from "./sprintf-data.ts";
import { stringsFacts } from "./strings-data.ts";
import { templateFacts } from "./template-data.ts";
import { timeFacts } from "./time-data.ts";
import { unitsFacts } from "./units-data.ts";
import { valuesFacts } from "./values-data.ts";
import { x509Facts } from "./x509-data.ts";
import { yamlFacts } from "./yaml-data.ts";

export const factTables: Readonly<Record<string, readonly (readonly [call: string, answer: string])[]>> = {
  collections: collectionsFacts,
  crypto: cryptoFacts,
  encodings: encodingsFacts,
  evaluation: evaluationFacts,
  graphql: graphqlFacts,
  json: jsonFacts,
  jwt: jwtFacts,
  net: netFacts,
  random: randomFacts,
  regex: regexFacts,
  request: requestFacts,
  sprintf: sprintfFacts,
  strings: stringsFacts,
  template: templateFacts,
  time: timeFacts,
  units: unitsFacts,
  values: valuesFacts,
  x509: x509Facts,
  yaml: yamlFacts,
};
