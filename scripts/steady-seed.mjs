// Property tests draw anew at every run by hand. In CI they draw from one seed, so that a landing does not hang on chance.
import fc from "fast-check";

if (process.env["CI"] !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20261123 });
