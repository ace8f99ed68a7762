import { builtIn } from "./built-in-kind.ts";
import { fieldsAt } from "./fields-at.ts";
import type { Kind, KindContext } from "./kind.ts";
import type { Draft } from "../storage/api-object.ts";

const authorization = "authorization.k8s.io";
const authentication = "authentication.k8s.io";

/** The kinds that are questions: create answers them and stores nothing. In the sandbox everybody may do everything. */
export const reviewKinds: readonly Kind[] = [
  review(authorization, "SelfSubjectAccessReview", "authorization.v1", allowed),
  review(authorization, "SubjectAccessReview", "authorization.v1", allowed),
  builtIn({
    group: authorization,
    kind: "LocalSubjectAccessReview",
    plural: "localsubjectaccessreviews",
    schema: "authorization.v1.LocalSubjectAccessReview",
    verbs: ["create"],
    answer: allowed,
  }),
  review(authorization, "SelfSubjectRulesReview", "authorization.v1", (draft) => {
    draft["status"] = {
      resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
      nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      incomplete: false,
    };
  }),
  review(authentication, "SelfSubjectReview", "authentication.v1", (draft, context) => {
    draft["status"] = { userInfo: userInfo(context) };
  }),
  review(authentication, "TokenReview", "authentication.v1", (draft, context) => {
    draft["status"] = { authenticated: true, user: userInfo(context) };
  }),
];

function review(group: string, kind: string, types: string, answer: NonNullable<Kind["answer"]>): Kind {
  return builtIn({
    group,
    kind,
    plural: `${kind.toLowerCase()}s`,
    schema: `${types}.${kind}`,
    namespaced: false,
    verbs: ["create"],
    answer,
  });
}

function allowed(draft: Draft): void {
  const verb = fieldsAt(draft, "spec", "resourceAttributes")["verb"] ?? "this";
  draft["status"] = { allowed: true, reason: `the sandbox allows everybody everything, ${verb} included` };
}

function userInfo({ user }: KindContext): Record<string, unknown> {
  return {
    username: user.name,
    ...(user.uid === undefined ? {} : { uid: user.uid }),
    groups: [...user.groups],
  };
}
