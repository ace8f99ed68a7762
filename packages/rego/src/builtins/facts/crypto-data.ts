/** What OPA 1.22.2 answers to calls: the value as Rego text, or the code and message of the error. */
export const cryptoFacts: readonly (readonly [call: string, answer: string])[] = [
  ['crypto.md5("a\\u00e9")', '"128fda53c8c07c8c66f2a4812187d92f"'],
  ['crypto.sha1("a")', '"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"'],
  ['crypto.sha256("a")', '"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"'],
  ['crypto.hmac.md5("m","k")', '"ed7e724d3a91554aaa2043041d9c5305"'],
  ['crypto.hmac.sha1("m","k")', '"772b71c8a2997e768be01d9711e4a4f34a24ef33"'],
  ['crypto.hmac.sha256("m","k")', '"b60090e3052297aeb5a080889ce2fc4bca957e756faeb4df7d31800ca1e771ec"'],
  [
    'crypto.hmac.sha512("m","")',
    '"f72650354dfefcfa413f5ea4dde58b89eb2db40f6da4978ad2ce870cd135af9b789d5b680ae053d2313cafb00f2a133f8fe3e53ebaf3a2b779a3615de55f73c5"',
  ],
  ['crypto.hmac.equal("a","a")', "true"],
  ['crypto.hmac.equal("a","ab")', "false"],
  ["crypto.md5(1)", "eval_type_error: crypto.md5: operand 1 must be string but got number"],
  ['crypto.hmac.md5("a",1)', "eval_type_error: crypto.hmac.md5: operand 2 must be string but got number"],
];
