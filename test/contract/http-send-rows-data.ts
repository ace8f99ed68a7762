/** Requests of http.send; what opa answers to each stands in `http-send-answers.json`. `$name` stands for the address of a server, PEMs are named alike. */
export interface HttpRow {
  readonly name: string;
  readonly request: Readonly<Record<string, unknown>>;
}

const get = (url: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  method: "get",
  url,
  ...more,
});
const trusting = { tls_ca_cert: "$authority" };

export const httpRows: readonly HttpRow[] = [
  { name: "JSON", request: get("http://$http/json") },
  { name: "JSON of another type", request: get("http://$http/problem") },
  { name: "YAML", request: get("http://$http/yaml") },
  { name: "YAML by force", request: get("http://$http/text", { force_yaml_decode: true }) },
  { name: "not the JSON it says", request: get("http://$http/broken") },
  { name: "text, headers twice, UTF-8 in a header", request: get("http://$http/text") },
  { name: "bytes", request: get("http://$http/bytes") },
  { name: "nothing", request: get("http://$http/none") },
  { name: "a status of its own", request: get("http://$http/teapot") },
  { name: "gzip", request: get("http://$http/gzip") },
  { name: "gzip that was asked for", request: get("http://$http/gzip", { headers: { "accept-encoding": "gzip" } }) },
  { name: "not the gzip it says", request: get("http://$http/not-gzip") },
  { name: "half of a gzip", request: get("http://$http/cut-gzip") },
  { name: "a gzip of nothing", request: get("http://$http/empty-gzip") },
  { name: "chunks", request: get("http://$http/chunks") },
  { name: "HEAD", request: { method: "head", url: "http://$http/json" } },
  { name: "a body", request: { method: "post", url: "http://$http/echo?a=1&b=%20#frag", body: { a: ["<", 1] } } },
  { name: "a raw body", request: { method: "put", url: "http://$http/echo", raw_body: "grüß" } },
  { name: "a body with GET", request: get("http://$http/echo", { raw_body: "x" }) },
  { name: "POST without a body", request: { method: "post", url: "http://$http/echo" } },
  { name: "DELETE", request: { method: "delete", url: "http://$http/echo" } },
  { name: "a method of its own", request: { method: "purge", url: "http://$http/echo" } },
  {
    name: "headers",
    request: get("http://$http/echo", {
      headers: { "x-a": "1", host: "other.test", "content-length": "99", "x-u": "ü", Authorization: "Bearer x" },
    }),
  },
  { name: "credentials in the URL", request: get("http://user:p%40ss@$http/echo") },
  { name: "a path that is no clean one", request: get("http://$http/a/../b//c/%2F/ä ?q=%C3%BC+x&&") },
  { name: "a query that is no ASCII", request: get("http://$http/echo?q=ü") },
  { name: "no path", request: get("http://$http") },
  { name: "a redirection that is not followed", request: get("http://$http/301") },
  { name: "301", request: { method: "post", url: "http://$http/301", body: 1, enable_redirect: true } },
  { name: "302", request: get("http://$http/302", { enable_redirect: true, headers: { "x-a": "1" } }) },
  { name: "307", request: { method: "post", url: "http://$http/307", body: 1, enable_redirect: true } },
  { name: "308 with credentials", request: get("http://a:b@$http/308", { enable_redirect: true }) },
  { name: "a redirection to nowhere", request: get("http://$http/nowhere", { enable_redirect: true }) },
  { name: "a redirection to a closed port", request: get("http://$http/elsewhere", { enable_redirect: true }) },
  { name: "a redirection to another scheme", request: get("http://$http/unknown-scheme", { enable_redirect: true }) },
  { name: "a closed port", request: get("http://127.0.0.1:1/x?a=b") },
  { name: "a closed port of a name", request: { method: "post", url: "http://localhost:1/" } },
  { name: "a closed port, IPv6", request: get("http://[::1]:1/ä b?q=ü#f") },
  { name: "a closed port, with a password", request: get("http://u:p@127.0.0.1:1") },
  { name: "a closed port, three times", request: get("http://127.0.0.1:1/", { max_retry_attempts: 2 }) },
  { name: "a port that is none", request: get("http://127.0.0.1:99999/") },
  { name: "no answer in time", request: get("http://$http/hang", { timeout: "100ms" }) },
  { name: "half an answer in time", request: get("http://$http/slow-body", { timeout: "100ms" }) },
  { name: "half an answer", request: get("http://$http/cut-body") },
  { name: "a connection that is dropped", request: get("http://$http/drop") },
  { name: "what is no HTTP", request: get("http://$garbage/") },
  { name: "a socket", request: get("unix://localhost/echo?b=2&socket=$socket&a=1") },
  { name: "a socket that is not there", request: get("unix://localhost/x?socket=%2Fnowhere%2Fhttp.sock") },
  { name: "a proxy", request: get("http://inside.test/x?y=1") },
  { name: "a proxy that refuses", request: get("http://outside.test/x") },
  { name: "a proxy's tunnel", request: get("https://inside.test/echo", trusting) },
  { name: "a proxy's refusal of a tunnel", request: get("https://outside.test/echo", trusting) },
  { name: "a name past the proxy", request: get("http://no..name/") },
  { name: "HTTPS", request: get("https://$https/echo", trusting) },
  {
    name: "HTTPS, the authority from a file",
    request: get("https://$https/echo", { tls_ca_cert_file: "$authority_file" }),
  },
  {
    name: "HTTPS, the authority from a variable",
    request: get("https://$https/echo", { tls_ca_cert_env_variable: "OUTSIDE_AUTHORITY" }),
  },
  { name: "HTTPS, nobody trusted", request: get("https://$https/") },
  {
    name: "HTTPS, nobody trusted, nothing checked",
    request: get("https://$https/echo", { tls_insecure_skip_verify: true }),
  },
  { name: "HTTPS of a stranger", request: get("https://$strange/", trusting) },
  { name: "HTTPS for another name", request: get("https://$named/", trusting) },
  { name: "HTTPS, the name given", request: get("https://$named/echo", { ...trusting, tls_server_name: "x.b.test" }) },
  {
    name: "HTTPS, the name given in the header",
    request: get("https://$named/echo", { ...trusting, headers: { host: "a.test" } }),
  },
  { name: "HTTPS, the wrong name given", request: get("https://$https/", { ...trusting, tls_server_name: "c.test" }) },
  { name: "HTTPS, expired", request: get("https://$expired/", trusting) },
  { name: "HTTPS, expired, nobody trusted", request: get("https://$expired/", { tls_server_name: "c.test" }) },
  { name: "HTTPS at a server that has none", request: get("https://$http/", trusting) },
  {
    name: "a client's certificate",
    request: get("https://$mutual/echo", { ...trusting, tls_client_cert: "$client", tls_client_key: "$client_key" }),
  },
  {
    name: "a client's certificate from files",
    request: get("https://$mutual/echo", {
      ...trusting,
      tls_client_cert_file: "$client_file",
      tls_client_key_file: "$client_key_file",
    }),
  },
  {
    name: "a client's certificate from variables",
    request: get("https://$mutual/echo", {
      ...trusting,
      tls_client_cert_env_variable: "OUTSIDE_CLIENT",
      tls_client_key_env_variable: "OUTSIDE_CLIENT_KEY",
    }),
  },
  { name: "no client's certificate", request: get("https://$mutual/echo", trusting) },
  { name: "an authority that is none", request: get("https://$https/", { tls_ca_cert: "x" }) },
  { name: "an authority's file that is not there", request: get("https://$https/", { tls_ca_cert_file: "/nowhere" }) },
  {
    name: "an authority's variable that is not there",
    request: get("https://$https/", { tls_ca_cert_env_variable: "NOPE" }),
  },
  {
    name: "a client's certificate that is none",
    request: get("https://$https/", { tls_client_cert: "x", tls_client_key: "y" }),
  },
  {
    name: "a client's key that is none",
    request: get("https://$https/", { tls_client_cert: "$client", tls_client_key: "$client" }),
  },
  {
    name: "a client's key of another certificate",
    request: get("https://$https/", { tls_client_cert: "$client", tls_client_key: "$authority_key" }),
  },
  {
    name: "a client's certificate and key that are switched",
    request: get("https://$https/", { tls_client_cert: "$client_key", tls_client_key: "$client" }),
  },
  {
    name: "a client's files that are not there",
    request: get("https://$https/", { tls_client_cert_file: "/nowhere", tls_client_key_file: "/nowhere" }),
  },
  {
    name: "a client's variables that are not there",
    request: get("https://$https/", { tls_client_cert_env_variable: "A1", tls_client_key_env_variable: "B1" }),
  },
];
