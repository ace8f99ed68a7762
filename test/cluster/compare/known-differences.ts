const order = "several mistakes at once are told in another order, or one of them is not told";
const words = "Go's words for what is no JSON, or for media types, which nobody reads but people";
const definitions = "a definition is in force when its write returns; a cluster takes a moment, in several writes";

/** What the sandbox answers otherwise than a real API server, by the probe's name, and why. */
export const answerDifferences: Readonly<Record<string, string>> = {
  "discovery of the core": "kinds that no policy is about are left out: component statuses, Pod templates, resizing",
  "a resource that is not there": "told as a path that is not there",
  "not JSON": words,
  "an array": words,
  "a media type that nobody makes": words,
  "a patch of a type that is none": words,
  "a pod with bad things": order,
  "a pod's command changed": "the difference is shown as JSON, not as Go shows its own structures",
  "an ephemeral container": "those who made them are not kept among the managers of fields",
  "a deployment without a selector": order,
  "a daemon set": "the annotation of an API version that is gone is not made",
  "a namespace as a table": "the manager that made the first namespaces has another name",
  "a review of who may": "everybody may do everything, and is told so",
  "a webhook configuration with much wrong": order,
  "a definition": definitions,
  "a definition that is served": definitions,
  "the definition deleted": definitions,
  "things deleted": "the empty place to go on from is left out",
};

/** What webhooks see otherwise, by the write's name, and why. */
export const reviewDifferences: Readonly<Record<string, string>> = {
  "a pod resized": "resizing is not there",
  "a pod deleted at once": "a cluster asks twice where there is no time to end in",
  "a daemon set made": "the annotation of an API version that is gone is not made",
  "a job made": "the labels by which a Job finds its Pods are shown on the Job as well",
  "a service's status": "the way that an address of a load balancer is reached is not filled in",
  "a namespace deleted": "the API server's own precondition is not shown",
  "a token asked for": "tokens of accounts are not made this way",
  "a claim made": "claims are not held back from deletion, since nothing is bound to them",
  "a definition made": definitions,
};

/** Go tells the mistakes of these in the order of a map, which is another each time: they may differ or not. */
export const unsteady: ReadonlySet<string> = new Set(["a thing with much wrong", "a thing of wrong types"]);
