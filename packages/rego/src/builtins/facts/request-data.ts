/** What OPA 1.22.2 answers to calls about requests: the value as Rego text, or the code and message of the error. */
export const requestFacts: readonly (readonly [call: string, answer: string])[] = [
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","cache":null})',
    'eval_builtin_error: http.send: invalid value for "cache" field',
  ],
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","force_cache":null})',
    'eval_builtin_error: http.send: invalid value for "force_cache" field',
  ],
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","raise_error":null})',
    "eval_builtin_error: http.send: invalid value for raise_error field",
  ],
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","headers":{"a":{"b":1,"c":"d"}}})',
    'eval_builtin_error: http.send: invalid type for headers value map["b":"1" "c":"d"]',
  ],
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","headers":{"a":[1,"x",null,true]}})',
    'eval_builtin_error: http.send: invalid type for headers value ["1" "x" <nil> %!q(bool=true)]',
  ],
  [
    'http.send({"method":"get","url":"ftp://é/x?y","raise_error":false})',
    '{"error": {"code": "eval_http_send_network_error", "message": "Get \\"ftp://%C3%A9/x?y\\": unsupported protocol scheme \\"ftp\\""}, "status_code": 0}',
  ],
  [
    'http.send({"method":"get","url":"http://[::1:2/"})',
    "eval_builtin_error: http.send: parse \"http://[::1:2/\": missing ']' in host",
  ],
  ["http.send({})", 'eval_type_error: http.send: operand 1 missing required request parameters(s): {"method", "url"}'],
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","foo":1})',
    'eval_type_error: http.send: operand 1 invalid request parameters(s): {"foo"}',
  ],
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","timeout":"1d"})',
    'eval_builtin_error: http.send: invalid timeout value "1d": time: unknown unit "d" in duration "1d"',
  ],
  [
    'http.send({"method":"get","url":"http://127.0.0.1:1/","max_retry_attempts":-1})',
    'eval_builtin_error: http.send: invalid value -1 for field "max_retry_attempts"',
  ],
  [
    'http.send({"method":"a b","url":"http://127.0.0.1:1/"})',
    'eval_builtin_error: http.send: net/http: invalid method "A B"',
  ],
  [
    'providers.aws.sign_req({"method":"get","url":"http://127.0.0.1:1/"},{"aws_service":"s3","aws_access_key":"AK","aws_secret_access_key":"SK","aws_region":"us-east-1"},1)',
    '{"headers": {"Authorization": "AWS4-HMAC-SHA256 Credential=AK/19700101/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=56c3f790f88c7b9b4500d63e65f5a816b9c259b7dd528f79cc58d4ec2da1381e", "host": "127.0.0.1:1", "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "x-amz-date": "19700101T000000Z"}, "method": "get", "url": "http://127.0.0.1:1/"}',
  ],
  [
    'providers.aws.sign_req({"method":"get","url":"http://u@h:1/a%2Fb?q=1","headers":{"X":"y"},"body":{"a":1}},{"aws_service":"s3","aws_access_key":"AK","aws_secret_access_key":"SK","aws_region":"us-east-1","aws_session_token":"t"},1700000000000000000)',
    '{"body": {"a": 1}, "headers": {"Authorization": "AWS4-HMAC-SHA256 Credential=AK/20231114/us-east-1/s3/aws4_request,SignedHeaders=host;x;x-amz-content-sha256;x-amz-date;x-amz-security-token,Signature=b0aa5dc5c90cb33f45196ab492ef5fd1a3be8d7d6d4e08e164457060154add7b", "X": "y", "host": "h:1", "x-amz-content-sha256": "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", "x-amz-date": "20231114T221320Z", "x-amz-security-token": "t"}, "method": "get", "url": "http://u@h:1/a%2Fb?q=1"}',
  ],
  [
    'providers.aws.sign_req({"method":"get","url":"http://127.0.0.1:1/"},{"aws_service":"s3","aws_access_key":"AK","aws_secret_access_key":"SK","aws_region":"us-east-1","disable_payload_signing":null},1)',
    "eval_type_error: providers.aws.sign_req: operand 2 invalid value for 'disable_payload_signing' in AWS config",
  ],
  [
    'providers.aws.sign_req({"method":"get","url":"http://127.0.0.1:1/","headers":null},{"aws_service":"s3","aws_access_key":"AK","aws_secret_access_key":"SK","aws_region":"us-east-1"},1)',
    "eval_type_error: providers.aws.sign_req: operand 0 must be object but got null",
  ],
  [
    'providers.aws.sign_req({"method":"get","url":"http://a/%zz"},{"aws_service":"s3","aws_access_key":"AK","aws_secret_access_key":"SK","aws_region":"us-east-1"},1)',
    'eval_builtin_error: providers.aws.sign_req: parse "http://a/%zz": invalid URL escape "%zz"',
  ],
  [
    'providers.aws.sign_req({"method":"get","url":"http://é/ö"},{"aws_service":"s3","aws_access_key":"AK","aws_secret_access_key":"SK","aws_region":"us-east-1"},1)',
    '{"headers": {"Authorization": "AWS4-HMAC-SHA256 Credential=AK/19700101/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=24469320ffa513e0b4e8edbf982a214dc8d7e04ddf52afaacbe3b1ed174e7bcd", "host": "é", "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "x-amz-date": "19700101T000000Z"}, "method": "get", "url": "http://é/ö"}',
  ],
  [
    'providers.aws.sign_req({},{"aws_service":"s3","aws_access_key":"AK","aws_secret_access_key":"SK","aws_region":"us-east-1"},1)',
    'eval_type_error: providers.aws.sign_req: operand 1 missing required request parameters(s): {"method", "url"}',
  ],
  [
    'providers.aws.sign_req({"method":"get","url":"http://127.0.0.1:1/"},{},1)',
    'eval_type_error: providers.aws.sign_req: operand 2 missing required AWS config parameters(s): {"aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"}',
  ],
];
