/** The door for YAML: apart from the other one, so that who reads no YAML does not load its parser. */
export { readYaml, type YamlDocument, type YamlReading } from "./yaml/read-yaml.ts";
export { writeYaml, type YamlLayout } from "./yaml/write-yaml.ts";
export { formatYamlDiagnostic, type Position, type YamlDiagnostic } from "./yaml/yaml-diagnostic.ts";
