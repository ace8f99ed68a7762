/** The story that the demo tells, as data: what is done, why, and what must come back. */

/** One thing that is done. */
export type Action =
  | { readonly kind: "apply"; readonly file: string }
  | { readonly kind: "get-pods" }
  | { readonly kind: "delete-pod"; readonly name: string }
  /** Nothing to type: wait until the Pod has the status, as `kubectl get pods` shows it. */
  | { readonly kind: "wait"; readonly pod: string; readonly status: string };

/** What is done, and what must come of it. */
export interface Step {
  readonly action: Action;
  readonly expect: "success" | "refusal";
  /** Texts that must be in what came back. */
  readonly says?: readonly string[];
  /** Texts that must not be in it. */
  readonly saysNot?: readonly string[];
}

/** Steps under one title. */
export interface Chapter {
  readonly title: string;
  /** What the reader should know before. */
  readonly intro: string;
  readonly steps: readonly Step[];
  /** What the reader has just seen. */
  readonly lesson?: string;
}

const allowed = "swiss-army-knife-allowed";
const disallowed = "swiss-army-knife-disallowed";

/** The refusal's text in either form, so far as it is the same. */
export const refusal =
  'container <swiss-army-knife> has an invalid image repo <rancherlabs/swiss-army-knife:latest>, allowed repos are ["private.example.com"]';

/** The chapters, in their order. */
export const story: readonly Chapter[] = [
  {
    title: "The problem",
    intro:
      "This cluster reaches one registry, private.example.com. A Pod whose image does not name it would be pulled from the Internet. Nobody says so when it is created; it just never starts.",
    steps: [
      { action: { kind: "apply", file: "disallowed.yaml" }, expect: "success", says: [disallowed, "created"] },
      { action: { kind: "wait", pod: disallowed, status: "ImagePullBackOff" }, expect: "success" },
      { action: { kind: "get-pods" }, expect: "success", says: [disallowed, "ImagePullBackOff"] },
      { action: { kind: "delete-pod", name: disallowed }, expect: "success" },
    ],
    lesson: "The Pod was accepted, and hung. Whoever made it would have found out later.",
  },
  {
    title: "The policy",
    intro: "A ConstraintTemplate says in Rego what is checked. A constraint says where it holds and with what.",
    steps: [
      {
        action: { kind: "apply", file: "constraint_template.yaml" },
        expect: "success",
        says: ["k8sallowedrepos", "created"],
      },
      {
        action: { kind: "apply", file: "constraint.yaml" },
        expect: "success",
        says: ["allow-only-private-registry", "created"],
      },
    ],
  },
  {
    title: "A Pod from the private registry runs",
    intro: "Its image is private.example.com/rancherlabs/swiss-army-knife:latest.",
    steps: [
      { action: { kind: "apply", file: "allowed.yaml" }, expect: "success", says: [allowed, "created"] },
      { action: { kind: "wait", pod: allowed, status: "Running" }, expect: "success" },
    ],
  },
  {
    title: "The other Pod is refused, and told why",
    intro: "The same file as at the beginning.",
    steps: [
      {
        action: { kind: "apply", file: "disallowed.yaml" },
        expect: "refusal",
        says: ["allow-only-private-registry", refusal],
      },
      {
        action: { kind: "get-pods" },
        expect: "success",
        says: [allowed, "1/1", "Running"],
        saysNot: [disallowed],
      },
    ],
    lesson:
      "The API server asked Portcullis, over HTTPS, before it stored the Pod; Portcullis evaluated the Rego and said no.",
  },
];

/** Takes away what the story made, but for the policy. */
export const epilogue: readonly Step[] = [{ action: { kind: "delete-pod", name: allowed }, expect: "success" }];
