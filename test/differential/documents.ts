/** What every generated program is given, as JSON text since some numbers are no doubles. */
export const inputText = `{
  "zero": 0, "one": 1, "n": 2, "half": 1.5, "a": "a", "s": "b", "t": true, "f": false, "z": null,
  "neg": -3, "big": 123456789012345678901234567890, "frac": 0.1, "onepoint": 1.0, "exp": 1e3,
  "uni": "é😀～", "empty": "", "long": "a/b.c,d  E", "num": "42", "json": "{\\"a\\": [1, 2.50]}", "html": "<&>'\\"",
  "xs": [1, 2, 3, 1], "ss": ["a", "b", "c"], "mixed": [null, true, 1, "a", [1], {"a": 1}],
  "o": {"a": 1, "b": {"c": [1, 2], "d": "x"}, "e": false},
  "objs": [{"id": 1, "k": "a"}, {"id": 2, "k": "b", "t": null}, {"id": 3, "k": "a", "xs": [1]}],
  "m": {"a": {"v": 1, "w": [1]}, "b": {"v": 2}, "c": {"v": 1}},
  "es": [], "eo": {}, "time": 1709208000123456789, "cidr": "10.0.0.0/28", "re": "^(a|b)+$", "constructor": "c"
}`;

export const dataText = `{
  "base": {
    "rows": [{"id": 1, "k": "a"}, {"id": 2, "k": "b"}, {"id": 2, "k": "c"}],
    "map": {"a": {"v": 1}, "b": {"v": 2, "tags": ["a", "b"]}},
    "n": 1
  },
  "test": {"stored": 1, "sub": {"x": 1}, "low": {"a": 1, "m": {"n": 1}}}
}`;

/** The names of the input, all of which hold a value of some kind. */
export const inputNames: readonly string[] = [
  "zero",
  "one",
  "n",
  "half",
  "a",
  "s",
  "t",
  "f",
  "z",
  "neg",
  "big",
  "frac",
  "onepoint",
  "exp",
  "uni",
  "empty",
  "long",
  "num",
  "json",
  "html",
  "xs",
  "ss",
  "mixed",
  "o",
  "objs",
  "m",
  "es",
  "eo",
  "time",
  "cidr",
  "re",
  "constructor",
];
