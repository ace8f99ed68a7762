/** What OPA 1.22.2 answers to calls: the value as Rego text, or the code and message of the error. */
export const jwtFacts: readonly (readonly [call: string, answer: string])[] = [
  [
    'io.jwt.verify_es256("e30.e30.AA","")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: EOF",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: unexpected EOF",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","[]")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal array into Go value of type struct { Kty string "json:\\"kty\\""; D json.RawMessage "json:\\"d,omitempty\\"" }',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","null")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: invalid key type from JSON ()",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: invalid key type from JSON ()",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":1}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal number into Go struct field .kty of type string",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"AKP\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: invalid key type from JSON (AKP)",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"keys\\":{}}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to unmarshal JWK set: failed to decode \"keys\": expected '[' but got {",
  ],
  ['io.jwt.verify_es256("e30.e30.AA","{\\"keys\\":[]}")', "false"],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"keys\\":[{}]}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to unmarshal JWK set: failed to decode key #0 in "keys": jwk.ParseKey: invalid key type from JSON ()',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"keys\\":[{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\"},{\\"kty\\":\\"oct\\",\\"k\\":\\"c2VjcmV0\\"}]}")',
    "false",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\"} x")',
    "false",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"kid\\":1}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key kid: error reading next value: json: cannot unmarshal number into Go value of type string",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"alg\\":\\"bad\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key alg: invalid key value: "bad": invalid key algorithm',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"alg\\":\\"A128KW\\"}")',
    "false",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"key_ops\\":\\"sign\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key key_ops: json: cannot unmarshal string into Go value of type jwk.KeyOperationList",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"key_ops\\":[1]}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key key_ops: json: cannot unmarshal number into Go value of type jwk.KeyOperation",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"x5c\\":\\"a\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key x5c: failed to unmarshal certificate chain: expected JSON array",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"x5c\\":[\\"!\\"]}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key x5c: failed to decode certificate at index 0: failed to base64 decode the certificate: illegal base64 data at input byte 0",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-224\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key crv: unknown EllipticCurveAlgorithm: "P-224"',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"X25519\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.ECDSAPublicKey: invalid curve algorithm "X25519": unknown elliptic curve algorithm: "X25519"',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"AA\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.ECDSAPublicKey: invalid "x" length (1) for curve "P-256"',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"!\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to decode value for key x: expected base64 encoded []byte (string)",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.ECDSAPublicKey: invalid ECDSA public key: P256 point not on curve",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): failed to unmarshal JSON into key (*jwk.ecdsaPublicKey): required field y is missing",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\",\\"d\\":\\"AQ\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.ECDSAPrivateKey: invalid "d" length (1) for curve "P-256"',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"oct\\",\\"crv\\":\\"P-256\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"y\\":\\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.symmetricKey): failed to unmarshal JSON into key (*jwk.symmetricKey): required field k is missing",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"AQ\\",\\"e\\":\\"Ag\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.RSAPublicKey: invalid rsa public exponent: must be a positive odd integer",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"\\",\\"e\\":\\"AQAB\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.RSAPublicKey: missing "n" value',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"AQ\\",\\"e\\":\\"AQAB\\",\\"d\\":\\"AQ\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: jwk.Export: failed to export jwk.Key to raw format: missing "q" value',
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"RSA\\",\\"e\\":\\"AQAB\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: failed to unmarshal JSON into key (*jwk.rsaPublicKey): failed to unmarshal JSON into key (*jwk.rsaPublicKey): required field n is missing",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"OKP\\",\\"crv\\":\\"Ed448\\",\\"x\\":\\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: jwk.Export: failed to export jwk.Key to raw format: jwk.OKPPublicKey: failed to build public key: invalid curve algorithm Ed448",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"OKP\\",\\"crv\\":\\"Ed25519\\",\\"x\\":\\"AA\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.OKPPublicKey: ed25519: wrong public key size",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"OKP\\",\\"crv\\":\\"Ed25519\\",\\"x\\":\\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\\",\\"d\\":\\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\\"}")',
    "eval_builtin_error: io.jwt.verify_es256: jwk.Export: failed to export jwk.Key to raw format: jwk.OKPPrivateKey: failed to build private key: ed25519: invalid x value given d value",
  ],
  [
    'io.jwt.verify_es256("e30.e30.AA","{\\"kty\\":\\"oct\\",\\"k\\":\\"\\"}")',
    'eval_builtin_error: io.jwt.verify_es256: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: key validation failed: key validation failed: jwk.SymmetricKey: missing "k" field',
  ],
  [
    'io.jwt.encode_sign({"alg":"HS256"},{},{})',
    "eval_builtin_error: io.jwt.encode_sign: jwk.Parse: failed to parse sole key: jwk.ParseKey: invalid key type from JSON ()",
  ],
  [
    'io.jwt.encode_sign({"alg":"HS256"},{},1)',
    'eval_builtin_error: io.jwt.encode_sign: jwk.Parse: failed to parse sole key: jwk.ParseKey: jwk.Parse: failed to probe data: probe: failed to unmarshal data: json: cannot unmarshal number into Go value of type struct { Kty string "json:\\"kty\\""; D json.RawMessage "json:\\"d,omitempty\\"" }',
  ],
  [
    'io.jwt.encode_sign({"alg":"HS256"},{},{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})',
    '"eyJhbGciOiJIUzI1NiJ9.e30.gHZF9Rbq9NOmCuq1XRGQA_k1IAzmpLcblZ0b3KyiQ54"',
  ],
  [
    'io.jwt.encode_sign({"alg":"HS256"},{},{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})',
    '"eyJhbGciOiJIUzI1NiJ9.e30.TKfmiTBvBw66Gya8f8ifVCetB9wpTOTBvE3VS9ic7Vc"',
  ],
  [
    'io.jwt.encode_sign({"alg":"EdDSA"},{},{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})',
    '"eyJhbGciOiJFZERTQSJ9.e30.q2YtAzOI5D98FVaL9pIlZHuiZfAZWrwm0Ib43wXTdYuGWpMICzrAb8JTyNe_mFN_eRTD_Y0mSmXBOZZT0EUJDQ"',
  ],
  [
    'io.jwt.encode_sign({"alg":"EdDSA"},{},{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})',
    "eval_builtin_error: io.jwt.encode_sign: jwsbb.Sign: invalid key type *jwk.okpPublicKey. ed25519.PrivateKey is required: failed to produce ed25519.PrivateKey from *jwk.okpPublicKey: jwk.Export: failed to assign key: argument to AssignIfCompatible() must be compatible with ed25519.PublicKey (was *ed25519.PrivateKey)",
  ],
  [
    'io.jwt.encode_sign({"alg":"RS256"},{},{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})',
    "eval_builtin_error: io.jwt.encode_sign: jwsbb.Sign: invalid key type *jwk.okpPublicKey. *rsa.PrivateKey is required: failed to produce rsa.PrivateKey from *jwk.okpPublicKey: jwk.Export: failed to assign key: argument to AssignIfCompatible() must be compatible with ed25519.PublicKey (was *rsa.PrivateKey)",
  ],
  [
    'io.jwt.encode_sign({"alg":"ES256"},{},{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})',
    "eval_builtin_error: io.jwt.encode_sign: jwsbb.Sign: invalid key type *jwk.ecdsaPublicKey. *ecdsa.PrivateKey is required: keyconv: failed to produce ecdsa.PrivateKey from *jwk.ecdsaPublicKey: jwk.Export: no suitable exporter found for key type '*jwk.ecdsaPublicKey'",
  ],
  [
    'io.jwt.encode_sign({"alg":"ES256"},{},{"kty":"oct","k":"c2VjcmV0"})',
    "eval_builtin_error: io.jwt.encode_sign: jwsbb.Sign: invalid key type *jwk.symmetricKey. *ecdsa.PrivateKey is required: keyconv: failed to produce ecdsa.PrivateKey from *jwk.symmetricKey: jwk.Export: no suitable exporter found for key type '*jwk.symmetricKey'",
  ],
  [
    'io.jwt.encode_sign({"alg":"RS256"},{},{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ","p":"AQ","q":"AQ"})',
    "eval_builtin_error: io.jwt.encode_sign: crypto/rsa: 1-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)",
  ],
  ['io.jwt.decode("e30.e30.AA")', '[{}, {}, "00"]'],
  [
    'io.jwt.decode("é.e30.AA")',
    "eval_builtin_error: io.jwt.decode: JWT header had invalid encoding: illegal base64 data at input byte 0",
  ],
  ['io.jwt.decode("eyJjdHkiOiJKV1QifQ.ImUzMC5lMzAuQUEi.AA")', '[{}, {}, "00"]'],
  [
    'io.jwt.decode("eyJlbmMiOjF9.e30.AA")',
    "eval_builtin_error: io.jwt.decode: JWT is a JWE object, which is not supported",
  ],
  ['io.jwt.verify_hs256("eyJhbGciOiJIUzI1NiJ9.e30.XmNK3GpH3Ys_7wsYBfq4C3M6goz71I7dTgUkuIa5lyQ","secret")', "true"],
  ['io.jwt.verify_hs256("eyJhbGciOiJIUzI1NiJ9.e30.XmNK3GpH3Ys_7wsYBfq4C3M6goz71I7dTgUkuIa5lyQ","other")', "false"],
  [
    'io.jwt.verify_hs384("eyJhbGciOiJIUzM4NCJ9.e30.NiHzbLtCILGVuQuB6OAWY_lIAsa1ryzjXgmlXNBffdge11DNdD-aoxgo5ZOwtJza","secret")',
    "true",
  ],
  [
    'io.jwt.verify_hs512("eyJhbGciOiJIUzUxMiJ9.e30.P_BilX5OMTZKsBDTFb9h2C5aNxDSLeVYdFVlW-kFPt8qhmCbCCSc59tt4AGdEHRhjIdKjE-Q-d0Se3XEk0_EuQ","secret")',
    "true",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEwMDB9.ROkUxbfucB7B40Bk3G7B_TTnEtP-yKiyfxzXp0X1RBs",{"secret":"secret","time":999999999999})',
    '[true, {"alg": "HS256"}, {"exp": 1000}]',
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEwMDB9.ROkUxbfucB7B40Bk3G7B_TTnEtP-yKiyfxzXp0X1RBs",{"secret":"secret","time":1000000000000})',
    "[false, {}, {}]",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.eyJuYmYiOjEwMDB9.JK_FDGictJkiiqjOkhAYlZAjmG38-Yj-ARVdDGzM1I0",{"secret":"secret","time":1000000000000})',
    '[true, {"alg": "HS256"}, {"nbf": 1000}]',
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.eyJuYmYiOjEwMDB9.JK_FDGictJkiiqjOkhAYlZAjmG38-Yj-ARVdDGzM1I0",{"secret":"secret","time":999999999999})',
    "[false, {}, {}]",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOiIxIn0.DlEG6VDSqGcu4fN6GHxEHTzu_TNii23XcBiTvioN4ZE",{"secret":"secret","time":1})',
    "eval_builtin_error: io.jwt.decode_verify: exp value must be a number",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOlsiYSIsMV19.NEB97mq80bQ_0n0UzENnTkD3i_GR3bfEofUyngmtxzg",{"secret":"secret","aud":"a"})',
    '[true, {"alg": "HS256"}, {"aud": ["a", 1]}]',
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOnsiYSI6MX19.OO2NSIVtFWCs6Qa6sx1E31TLo5DIblLggbL_1sqZ2Vo",{"secret":"secret","aud":"a"})',
    "[false, {}, {}]",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.e30.XmNK3GpH3Ys_7wsYBfq4C3M6goz71I7dTgUkuIa5lyQ",{"secret":"secret","time":-1})',
    "eval_builtin_error: io.jwt.decode_verify: token time constraint: must not be negative",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.e30.XmNK3GpH3Ys_7wsYBfq4C3M6goz71I7dTgUkuIa5lyQ",{"secret":"secret","iss":"me"})',
    "[false, {}, {}]",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiIsImN0eSI6Imp3dCJ9.ZXlKaGJHY2lPaUpJVXpJMU5pSjkuZXlKaElqb3hmUS5McmxQbVNMNEZ4cnpBSEpTWWJLenNBOTk3Q09YZFlDZUZLbHQzenQ1RElZ.TqNVxqk6MpF3jcs43G-ByglfEkAEpQo3HfQonwr6OAM",{"secret":"secret"})',
    '[true, {"alg": "HS256"}, {"a": 1}]',
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiIsImNyaXQiOlsieCJdLCJ4IjoxfQ.e30.kGF-79PcHCwJlbN9FmD62cSdeZvKWqJJyRgs21kCA1o",{"secret":"secret"})',
    "[false, {}, {}]",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiIsImNyaXQiOltdfQ.e30.e5krqJ98ji87GRRAxDeXsEjeZ_NJrkB753cq1-K-7fM",{"secret":"secret"})',
    "eval_builtin_error: io.jwt.decode_verify: crit: must be a nonempty list",
  ],
  [
    'io.jwt.decode_verify("e30.e30.FCSDuqmCuL_yoq1hx-E3IJO5tSEpcgFbqwcZf590zhA",{"secret":"secret"})',
    "[false, {}, {}]",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.e30.XmNK3GpH3Ys_7wsYBfq4C3M6goz71I7dTgUkuIa5lyQ",{"secret":"secret","cert":"{}"})',
    "eval_builtin_error: io.jwt.decode_verify: failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse: failed to parse sole key: jwk.ParseKey: invalid key type from JSON ()",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJIUzI1NiJ9.W10.tYdGHAF7YBfiFrnqtcsM-PIsGDradtWY3a2xM-xQiN8",{"secret":"secret"})',
    "eval_builtin_error: io.jwt.decode_verify: decoded JSON type was not an Object",
  ],
  [
    'io.jwt.verify_rs256("eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.iUUplHQqof05c3KbXwjEbQjFwV766UuvdXhRgZU5AmGNMHBEyuXEOjBaQ-PAfDglvWY44bGcSoenrkuEa4zMaBE1skjEdNc6G8uUPhFLliIFzfiTDy5cyu5i5BaZTWfew_uFv9Lfsy7gtgD-Fk882DfQ0A7anupXfPoI2sdcd8Q","-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_rs256("eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.iUUplHQqof05c3KbXwjEbQjFwV766UuvdXhRgZU5AmGNMHBEyuXEOjBaQ-PAfDglvWY44bGcSoenrkuEa4zMaBE1skjEdNc6G8uUPhFLliIFzfiTDy5cyu5i5BaZTWfew_uFv9Lfsy7gtgD-Fk882DfQ0A7anupXfPoI2sdAAAA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"tzdw6IyBWp0wZlyRS_yD77APyiFz5I2aqJzEre6UaDWdeg4b1HT0l9_7RyTlwiwtx6ibwF6haBXSr2jAh1gLUhfA5hawCrHV7mPrGsfs2J8zzuiK_RsrpsBbS-MgaeSOMgeih0mbyU-2CqBSL6AluvzTtt31Y2eLo201EjfjsBU\\",\\"e\\":\\"AQAB\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.iUUplHQqof05c3KbXwjEbQjFwV766UuvdXhRgZU5AmGNMHBEyuXEOjBaQ-PAfDglvWY44bGcSoenrkuEa4zMaBE1skjEdNc6G8uUPhFLliIFzfiTDy5cyu5i5BaZTWfew_uFv9Lfsy7gtgD-Fk882DfQ0A7anupXfPoI2sdcd8Q",{"cert":"-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n","alg":"RS256"})',
    '[true, {"alg": "RS256"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_rs384("eyJhbGciOiJSUzM4NCJ9.eyJhIjoxfQ.JEblY70gAuqp4aNC8ECCOESWxe_3Do2dq4ymrGIFOTrLdWFqV-hNkR3YFOoEjgcgkuQ7WsZLAsXPRtfmCORTSlU2zqmSTNNVxY3SoVwdi4lnrKq52R0QM8OplP9KdL_C_pbIYC7lrhT81vAZSgTt0K_rCVxwwE07iCOJRwNFp98","-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_rs384("eyJhbGciOiJSUzM4NCJ9.eyJhIjoxfQ.JEblY70gAuqp4aNC8ECCOESWxe_3Do2dq4ymrGIFOTrLdWFqV-hNkR3YFOoEjgcgkuQ7WsZLAsXPRtfmCORTSlU2zqmSTNNVxY3SoVwdi4lnrKq52R0QM8OplP9KdL_C_pbIYC7lrhT81vAZSgTt0K_rCVxwwE07iCOJRwNAAAA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"tzdw6IyBWp0wZlyRS_yD77APyiFz5I2aqJzEre6UaDWdeg4b1HT0l9_7RyTlwiwtx6ibwF6haBXSr2jAh1gLUhfA5hawCrHV7mPrGsfs2J8zzuiK_RsrpsBbS-MgaeSOMgeih0mbyU-2CqBSL6AluvzTtt31Y2eLo201EjfjsBU\\",\\"e\\":\\"AQAB\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJSUzM4NCJ9.eyJhIjoxfQ.JEblY70gAuqp4aNC8ECCOESWxe_3Do2dq4ymrGIFOTrLdWFqV-hNkR3YFOoEjgcgkuQ7WsZLAsXPRtfmCORTSlU2zqmSTNNVxY3SoVwdi4lnrKq52R0QM8OplP9KdL_C_pbIYC7lrhT81vAZSgTt0K_rCVxwwE07iCOJRwNFp98",{"cert":"-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n","alg":"RS384"})',
    '[true, {"alg": "RS384"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_rs512("eyJhbGciOiJSUzUxMiJ9.eyJhIjoxfQ.s3wC0Vt6flRrWfkIo7B6QTF3X7HShGuKMcuLbDEE0At26iFQM4e5wfEsY8kTpf0p5EmULa9-8duzcA_8lUm3cHl621q99utJ6dofNffLYErFeZlea-hP4mLoq1tlt9_Agh8VRZ5XUg2tAiYdH7UwooDNV_VdYM921dfVx6RAdC8","-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_rs512("eyJhbGciOiJSUzUxMiJ9.eyJhIjoxfQ.s3wC0Vt6flRrWfkIo7B6QTF3X7HShGuKMcuLbDEE0At26iFQM4e5wfEsY8kTpf0p5EmULa9-8duzcA_8lUm3cHl621q99utJ6dofNffLYErFeZlea-hP4mLoq1tlt9_Agh8VRZ5XUg2tAiYdH7UwooDNV_VdYM921dfVx6RAAAA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"tzdw6IyBWp0wZlyRS_yD77APyiFz5I2aqJzEre6UaDWdeg4b1HT0l9_7RyTlwiwtx6ibwF6haBXSr2jAh1gLUhfA5hawCrHV7mPrGsfs2J8zzuiK_RsrpsBbS-MgaeSOMgeih0mbyU-2CqBSL6AluvzTtt31Y2eLo201EjfjsBU\\",\\"e\\":\\"AQAB\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJSUzUxMiJ9.eyJhIjoxfQ.s3wC0Vt6flRrWfkIo7B6QTF3X7HShGuKMcuLbDEE0At26iFQM4e5wfEsY8kTpf0p5EmULa9-8duzcA_8lUm3cHl621q99utJ6dofNffLYErFeZlea-hP4mLoq1tlt9_Agh8VRZ5XUg2tAiYdH7UwooDNV_VdYM921dfVx6RAdC8",{"cert":"-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n","alg":"RS512"})',
    '[true, {"alg": "RS512"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_ps256("eyJhbGciOiJQUzI1NiJ9.eyJhIjoxfQ.m-fKVi2xsTAbj0tW7tAslNYnx7DL0eC7jNbNWQ6kkeEeDD_KmB6lpgeO7zwopTpJJ4Em2dEDD4p1cQ_Drw-sJMNTa6ti9RVYs0m5PGVzfnmtQgb2uEOm1MXTcLY0-bGhc3Wlj3DSNSarwIMauQX4jRSCjMtai7V_ldurvMSOh3c","-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_ps256("eyJhbGciOiJQUzI1NiJ9.eyJhIjoxfQ.m-fKVi2xsTAbj0tW7tAslNYnx7DL0eC7jNbNWQ6kkeEeDD_KmB6lpgeO7zwopTpJJ4Em2dEDD4p1cQ_Drw-sJMNTa6ti9RVYs0m5PGVzfnmtQgb2uEOm1MXTcLY0-bGhc3Wlj3DSNSarwIMauQX4jRSCjMtai7V_ldurvMSAAAA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"tzdw6IyBWp0wZlyRS_yD77APyiFz5I2aqJzEre6UaDWdeg4b1HT0l9_7RyTlwiwtx6ibwF6haBXSr2jAh1gLUhfA5hawCrHV7mPrGsfs2J8zzuiK_RsrpsBbS-MgaeSOMgeih0mbyU-2CqBSL6AluvzTtt31Y2eLo201EjfjsBU\\",\\"e\\":\\"AQAB\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJQUzI1NiJ9.eyJhIjoxfQ.m-fKVi2xsTAbj0tW7tAslNYnx7DL0eC7jNbNWQ6kkeEeDD_KmB6lpgeO7zwopTpJJ4Em2dEDD4p1cQ_Drw-sJMNTa6ti9RVYs0m5PGVzfnmtQgb2uEOm1MXTcLY0-bGhc3Wlj3DSNSarwIMauQX4jRSCjMtai7V_ldurvMSOh3c",{"cert":"-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n","alg":"PS256"})',
    '[true, {"alg": "PS256"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_ps384("eyJhbGciOiJQUzM4NCJ9.eyJhIjoxfQ.tH3H-53lokPrfpneNihPGT1-Zb_EnyE_HGdXFMMq6-1weqrUoR71CF-veZCKBilutFPFloViEqFNmgNYU6mS44oLcBV-hUjRse776BuyMxm2XxRq8Zv5EKDdWvNRpuoY9PSrdIRedtD9szJcx8-0sWPIdN8oBczVl42CBd3LW_w","-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_ps384("eyJhbGciOiJQUzM4NCJ9.eyJhIjoxfQ.tH3H-53lokPrfpneNihPGT1-Zb_EnyE_HGdXFMMq6-1weqrUoR71CF-veZCKBilutFPFloViEqFNmgNYU6mS44oLcBV-hUjRse776BuyMxm2XxRq8Zv5EKDdWvNRpuoY9PSrdIRedtD9szJcx8-0sWPIdN8oBczVl42CBd3AAAA","{\\"kty\\":\\"RSA\\",\\"n\\":\\"tzdw6IyBWp0wZlyRS_yD77APyiFz5I2aqJzEre6UaDWdeg4b1HT0l9_7RyTlwiwtx6ibwF6haBXSr2jAh1gLUhfA5hawCrHV7mPrGsfs2J8zzuiK_RsrpsBbS-MgaeSOMgeih0mbyU-2CqBSL6AluvzTtt31Y2eLo201EjfjsBU\\",\\"e\\":\\"AQAB\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJQUzM4NCJ9.eyJhIjoxfQ.tH3H-53lokPrfpneNihPGT1-Zb_EnyE_HGdXFMMq6-1weqrUoR71CF-veZCKBilutFPFloViEqFNmgNYU6mS44oLcBV-hUjRse776BuyMxm2XxRq8Zv5EKDdWvNRpuoY9PSrdIRedtD9szJcx8-0sWPIdN8oBczVl42CBd3LW_w",{"cert":"-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n","alg":"PS384"})',
    '[true, {"alg": "PS384"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_es256("eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.D97ZyIe27KwGy8ETQbNaBLoighFEyBn24QvKtuCDBjHWQEeoocvgLI1iWQsn5t2XduyaPXCJrbbg139wIsBI9g","-----BEGIN PUBLIC KEY-----\\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQHhcnO6ujdLtNYVWESUkytFy5B1Y\\n1cVYPhYXihKoTOanEZ1aOSLXZh+AEr0BnYXO6AYuKg6CRaX9MGz2rmJCaA==\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_es256("eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.D97ZyIe27KwGy8ETQbNaBLoighFEyBn24QvKtuCDBjHWQEeoocvgLI1iWQsn5t2XduyaPXCJrbbg139wIsAAAA","{\\"kty\\":\\"EC\\",\\"x\\":\\"QHhcnO6ujdLtNYVWESUkytFy5B1Y1cVYPhYXihKoTOY\\",\\"y\\":\\"pxGdWjki12YfgBK9AZ2FzugGLioOgkWl_TBs9q5iQmg\\",\\"crv\\":\\"P-256\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.D97ZyIe27KwGy8ETQbNaBLoighFEyBn24QvKtuCDBjHWQEeoocvgLI1iWQsn5t2XduyaPXCJrbbg139wIsBI9g",{"cert":"-----BEGIN PUBLIC KEY-----\\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQHhcnO6ujdLtNYVWESUkytFy5B1Y\\n1cVYPhYXihKoTOanEZ1aOSLXZh+AEr0BnYXO6AYuKg6CRaX9MGz2rmJCaA==\\n-----END PUBLIC KEY-----\\n","alg":"ES256"})',
    '[true, {"alg": "ES256"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_es384("eyJhbGciOiJFUzM4NCJ9.eyJhIjoxfQ.mHlLEz5mzXZBUmlMnKtEI84Dq5brT2DbWpQhqUNdE_gM-nFVZ3b8Rjh7K4uJxEBXQQdVTxDxo0FTRclj7w11NcUHPjBceYywponHue-Fe-ZHzCFZJmf4bU_18zMYEC5B","-----BEGIN PUBLIC KEY-----\\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEQcgx2pGP+G5jbITH3o6OF5e4bIHqVUCb\\nDor+6NLeakrnUImjk9njclJAK1dfryStbAuVx4E+hgfw5JGPCLBfMElL+zNAh3s6\\nPHHkarJvZcfuJmpPP3tscgQ/LUCWww2K\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_es384("eyJhbGciOiJFUzM4NCJ9.eyJhIjoxfQ.mHlLEz5mzXZBUmlMnKtEI84Dq5brT2DbWpQhqUNdE_gM-nFVZ3b8Rjh7K4uJxEBXQQdVTxDxo0FTRclj7w11NcUHPjBceYywponHue-Fe-ZHzCFZJmf4bU_18zMYAAAA","{\\"kty\\":\\"EC\\",\\"x\\":\\"Qcgx2pGP-G5jbITH3o6OF5e4bIHqVUCbDor-6NLeakrnUImjk9njclJAK1dfrySt\\",\\"y\\":\\"bAuVx4E-hgfw5JGPCLBfMElL-zNAh3s6PHHkarJvZcfuJmpPP3tscgQ_LUCWww2K\\",\\"crv\\":\\"P-384\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJFUzM4NCJ9.eyJhIjoxfQ.mHlLEz5mzXZBUmlMnKtEI84Dq5brT2DbWpQhqUNdE_gM-nFVZ3b8Rjh7K4uJxEBXQQdVTxDxo0FTRclj7w11NcUHPjBceYywponHue-Fe-ZHzCFZJmf4bU_18zMYEC5B",{"cert":"-----BEGIN PUBLIC KEY-----\\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEQcgx2pGP+G5jbITH3o6OF5e4bIHqVUCb\\nDor+6NLeakrnUImjk9njclJAK1dfryStbAuVx4E+hgfw5JGPCLBfMElL+zNAh3s6\\nPHHkarJvZcfuJmpPP3tscgQ/LUCWww2K\\n-----END PUBLIC KEY-----\\n","alg":"ES384"})',
    '[true, {"alg": "ES384"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_es512("eyJhbGciOiJFUzUxMiJ9.eyJhIjoxfQ.AFxkMB4Lp1yjlzHczNe6wxLX7Vu3nHmgkTEg8a2NgW1J1vbXUXPhalFvOHOJ1e_g16F6uNAyK1GSw7KG2tZt7sylAbTt-VRdgZRx0JPAUq0gbvZWoeaBnu3Cidu0A4DkKCXC2uEDlg7ZqxY7FAWsAtKFK3KiTEK4gKYgVDIrX-QfSz8h","-----BEGIN PUBLIC KEY-----\\nMIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAg9KeS06Z69GWJXS0a/+bWw+0B/Lx\\nkRlzTDuKcZuBNljSUdR5hzV8Op3GP4hnTO0ntzqRwXKS+DyXq3NE4vNNmkUALUWW\\n9NekRMyMNn7nvMOrKbpKWaYlsfFQmGIvdLZO33l45cgRxt+gU56vjTJpt+fyl/gc\\n4ft/WVI2QCg2HJK/58A=\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_es512("eyJhbGciOiJFUzUxMiJ9.eyJhIjoxfQ.AFxkMB4Lp1yjlzHczNe6wxLX7Vu3nHmgkTEg8a2NgW1J1vbXUXPhalFvOHOJ1e_g16F6uNAyK1GSw7KG2tZt7sylAbTt-VRdgZRx0JPAUq0gbvZWoeaBnu3Cidu0A4DkKCXC2uEDlg7ZqxY7FAWsAtKFK3KiTEK4gKYgVDIrX-QfAAAA","{\\"kty\\":\\"EC\\",\\"x\\":\\"AIPSnktOmevRliV0tGv_m1sPtAfy8ZEZc0w7inGbgTZY0lHUeYc1fDqdxj-IZ0ztJ7c6kcFykvg8l6tzROLzTZpF\\",\\"y\\":\\"AC1FlvTXpETMjDZ-57zDqym6SlmmJbHxUJhiL3S2Tt95eOXIEcbfoFOer40yabfn8pf4HOH7f1lSNkAoNhySv-fA\\",\\"crv\\":\\"P-521\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJFUzUxMiJ9.eyJhIjoxfQ.AFxkMB4Lp1yjlzHczNe6wxLX7Vu3nHmgkTEg8a2NgW1J1vbXUXPhalFvOHOJ1e_g16F6uNAyK1GSw7KG2tZt7sylAbTt-VRdgZRx0JPAUq0gbvZWoeaBnu3Cidu0A4DkKCXC2uEDlg7ZqxY7FAWsAtKFK3KiTEK4gKYgVDIrX-QfSz8h",{"cert":"-----BEGIN PUBLIC KEY-----\\nMIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQAg9KeS06Z69GWJXS0a/+bWw+0B/Lx\\nkRlzTDuKcZuBNljSUdR5hzV8Op3GP4hnTO0ntzqRwXKS+DyXq3NE4vNNmkUALUWW\\n9NekRMyMNn7nvMOrKbpKWaYlsfFQmGIvdLZO33l45cgRxt+gU56vjTJpt+fyl/gc\\n4ft/WVI2QCg2HJK/58A=\\n-----END PUBLIC KEY-----\\n","alg":"ES512"})',
    '[true, {"alg": "ES512"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_eddsa("eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.b07rnEXDanolU1wGBoSsjj-XDOhwW2F1H5hWuU2Kz1m4ZITnhlQ7Oaw8WHusiIcI4vvws0at2J_olsDxz428Aw","-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAT4V1mtDqI13yeXlvzQ0KZ+1dft2LtEA8s+CpmUwryZI=\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_eddsa("eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.b07rnEXDanolU1wGBoSsjj-XDOhwW2F1H5hWuU2Kz1m4ZITnhlQ7Oaw8WHusiIcI4vvws0at2J_olsDxz4AAAA","{\\"kty\\":\\"OKP\\",\\"crv\\":\\"Ed25519\\",\\"x\\":\\"T4V1mtDqI13yeXlvzQ0KZ-1dft2LtEA8s-CpmUwryZI\\"}")',
    "false",
  ],
  [
    'io.jwt.decode_verify("eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.b07rnEXDanolU1wGBoSsjj-XDOhwW2F1H5hWuU2Kz1m4ZITnhlQ7Oaw8WHusiIcI4vvws0at2J_olsDxz428Aw",{"cert":"-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAT4V1mtDqI13yeXlvzQ0KZ+1dft2LtEA8s+CpmUwryZI=\\n-----END PUBLIC KEY-----\\n","alg":"EdDSA"})',
    '[true, {"alg": "EdDSA"}, {"a": 1}]',
  ],
  [
    'io.jwt.verify_ps512("eyJhbGciOiJQUzUxMiJ9.eyJhIjoxfQ.RfL-ZWKlddc_QC4ORZf4WMf9c3NBaOfSbJXnoUH-AiS7xlzcsh14gMdcsACO4U_lw_577TGGbEwI1hRuQrcvUBAIVp4fu_IhO75trHpFbG9_5dGqtekhAiA-sduAb0xluQF8_YWQwng53WFRYVYPkHlge1txyMhonRRt82NVdasAYjI1Ah9NOHo47k30deFFmd5neHgrEccnXBaqmZFU39e0QWs4nEHK2jGJaco0jmVlHQPtHIdq2XLE3dJIa7VD","-----BEGIN PUBLIC KEY-----\\nMIHfMA0GCSqGSIb3DQEBAQUAA4HNADCByQKBwQDRmOmwAOanCLlyLxZRxB7/T/04\\n3FbMbToNrDBZ2wF9j2VOTjei2MeSpH7XOXb7HGPIdvYlSfGG8qn/mXxOCyyMhJWk\\npUrVH935DIq8vS4cAOX55vQOKqBVn9umepxx3/i1uN53INH8/3dTc5VJ+n/MUBiK\\nQ0/aHTqNQFnOhnc4JO+rbsxhLSgkdIDpwYg8VsU+Ng6w0hfGIdS3Ck++PloLWnGi\\nEW500Y8WJzs1j+Ss9wao+H/FPTA4ufy5/7pGStkCAwEAAQ==\\n-----END PUBLIC KEY-----\\n")',
    "true",
  ],
  [
    'io.jwt.verify_ps512("eyJhbGciOiJQUzUxMiJ9.eyJhIjoxfQ.RfL-ZWKlddc_QC4ORZf4WMf9c3NBaOfSbJXnoUH-AiS7xlzcsh14gMdcsACO4U_lw_577TGGbEwI1hRuQrcvUBAIVp4fu_IhO75trHpFbG9_5dGqtekhAiA-sduAb0xluQF8_YWQwng53WFRYVYPkHlge1txyMhonRRt82NVdasAYjI1Ah9NOHo47k30deFFmd5neHgrEccnXBaqmZFU39e0QWs4nEHK2jGJaco0jmVlHQPtHIdq2XLE3dJIa7VD","-----BEGIN PUBLIC KEY-----\\nMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC3N3DojIFanTBmXJFL/IPvsA/K\\nIXPkjZqonMSt7pRoNZ16DhvUdPSX3/tHJOXCLC3HqJvAXqFoFdKvaMCHWAtSF8Dm\\nFrAKsdXuY+sax+zYnzPO6Ir9GyumwFtL4yBp5I4yB6KHSZvJT7YKoFIvoCW6/NO2\\n3fVjZ4ujbTUSN+OwFQIDAQAB\\n-----END PUBLIC KEY-----\\n")',
    "false",
  ],
  [
    'io.jwt.encode_sign_raw("{\\"alg\\":\\"HS384\\",\\"typ\\":\\"x\\"}","no JSON","{\\"kty\\":\\"oct\\",\\"k\\":\\"c2VjcmV0\\"}")',
    '"eyJhbGciOiJIUzM4NCIsInR5cCI6IngifQ.bm8gSlNPTg.9Br5hfceEwoZY_4Az9inTaucw2jnvUR7waMgxQBsLIhFmYHNhCLeHJ97G7X4SuxS"',
  ],
  [
    'io.jwt.encode_sign({"alg":"HS256"},{"b":1,"a":["<"]},{"kty":"oct","k":"c2VjcmV0"})',
    '"eyJhbGciOiJIUzI1NiJ9.eyJhIjpbIlx1MDAzYyJdLCJiIjoxfQ.ymfUoRnITvo6Zui0RTTnIJCIhuEU0a8j896E0V_et08"',
  ],
  [
    'io.jwt.encode_sign({"alg":"EdDSA"},{},{"kty":"OKP","crv":"Ed25519","x":"T4V1mtDqI13yeXlvzQ0KZ-1dft2LtEA8s-CpmUwryZI","d":"LfdcnFDys64dyfbCqFNedRhGjZHi5a4Ul8ihS7eW8pk"})',
    '"eyJhbGciOiJFZERTQSJ9.e30.bQJNNn-IvS2cZgMpDyoRRHjW4OEr2H2J-GANzaBRyBwMcx9ncEb9mh51cywAjZixZYEVuAiK1k3a_HC0ROUyDw"',
  ],
  [
    'io.jwt.encode_sign({"alg":"RS256"},{},{"kty":"RSA","n":"tzdw6IyBWp0wZlyRS_yD77APyiFz5I2aqJzEre6UaDWdeg4b1HT0l9_7RyTlwiwtx6ibwF6haBXSr2jAh1gLUhfA5hawCrHV7mPrGsfs2J8zzuiK_RsrpsBbS-MgaeSOMgeih0mbyU-2CqBSL6AluvzTtt31Y2eLo201EjfjsBU","e":"AQAB","d":"fB1Gk4J7LlNFslIK65rIFdsDFz7KL43ts0NfySPRzTZk04YzPB1uhGPq6SsJqhwbdyG1QP_Z_5SpAMLJieYO5AxWB7UltN05BiCqkcVXGvi-OlvHX5764w4CuXoh4G9mtcDgPG8xG17Jzf98-57K57tUyVyaZ53R2OKvVsIYRhE","p":"2-Id07fllKX-xOxZFHKdniv0Iihaq0si0TwS5QkDtuIz3WWq5zGWuqy0-JYZW1p5C9GsfWWwTK5hr4AKpof3Ew","q":"1U-GQQAo-NlItkOLwJLLBg1Nms4lBK3IjDVYVUgHWal42dI5IfZB5eVlAlcouN3Dq4J8ftjiUWentX6iNhhZNw","dp":"U7yS21QHLEri8R-I9Q6JE_ltKazwipc8lS4pi-uY7IbMdZ4ILa9m1YR8DscqtO2Jd4TMCZ02PJ2UOf-rDqxs3Q","dq":"TPdvyr5jCj9khBdlMqwEw39DVCszojeOWEDbSZI-zLRgnb_Dy6RObMRTqP-H-wRRmO3xO9fH-XV8RvmVUA2DCw","qi":"QOGrkCqgsn1SpSsR4lgH7ej-N9rhTVL8_P0AsLjErZzl9UWB0hVYjfa2FHqw1j52bhrSmY8BPBRtyq7_iRFH0w"})',
    '"eyJhbGciOiJSUzI1NiJ9.e30.RUT1odRHb5xtgFz2I4QI4yQECLnnBSpjBZk_FLiaQ1CvalFCO7kjTLDLNiA_hrYdxrnL5XuszIN5_t-SKoOG40QZnecO9nzwmTnkA1PZuoPCBZcmFSkQxXjVBA8oep12eVy00z3UaK0Uzpwrifepoku6dnXSc2Me3FthjNiLI-M"',
  ],
];
