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
];
