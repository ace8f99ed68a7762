{{- define "portcullis.podLabels" -}}
control-plane: controller-manager
gatekeeper.sh/operation: webhook
gatekeeper.sh/system: "yes"
{{- end -}}

{{- define "portcullis.everything" -}}
apiGroups: ["*"]
apiVersions: ["*"]
operations:
- CREATE
- UPDATE
{{- if .root.Values.enableDeleteOperations }}
- DELETE
{{- end }}
{{- if .root.Values.enableConnectOperations }}
- CONNECT
{{- end }}
resources:
- "*"
{{- range .root.Values.validatingWebhookSubResources }}
- {{ . | quote }}
{{- end }}
scope: {{ .scope | quote }}
{{- end -}}

{{- define "portcullis.call" -}}
{{- if .root.Values.validatingWebhookURL }}
url: https://{{ .root.Values.validatingWebhookURL }}{{ .path }}
{{- else }}
service:
  name: gatekeeper-webhook-service
  namespace: {{ .root.Release.Namespace | quote }}
  path: {{ .path }}
{{- end }}
{{- end -}}

{{- define "portcullis.webhookCommon" -}}
matchPolicy: Equivalent
sideEffects: NoneOnDryRun
admissionReviewVersions: [v1, v1beta1]
timeoutSeconds: {{ .Values.validatingWebhookTimeoutSeconds }}
{{- end -}}

{{- /* The namespaces that are looked at; `names` is the list and `operator` how it counts. */ -}}
{{- define "portcullis.selector" -}}
namespaceSelector:
  matchExpressions:
  - key: admission.gatekeeper.sh/ignore
    operator: DoesNotExist
  {{- $names := .names }}
  {{- range $key, $values := .root.Values.validatingWebhookExemptNamespacesLabels }}
  {{- if and (eq $key "kubernetes.io/metadata.name") (eq $.operator "NotIn") }}
  {{- $names = concat $names $values | uniq }}
  {{- else }}
  - key: {{ $key }}
    operator: NotIn
    values:
    {{- range $values }}
    - {{ . | quote }}
    {{- end }}
  {{- end }}
  {{- end }}
  - key: kubernetes.io/metadata.name
    operator: {{ .operator }}
    values:
    {{- range $names }}
    - {{ . | quote }}
    {{- end }}
{{- with .root.Values.validatingWebhookObjectSelector }}
objectSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* What comes after the release: made anew for each, and taken away when it has done its work. */ -}}
{{- define "portcullis.hookMetadata" -}}
name: {{ .name }}
labels:
  gatekeeper.sh/system: "yes"
annotations:
  helm.sh/hook: post-install,post-upgrade
  helm.sh/hook-weight: {{ .weight | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}
