{{- /*
Names begin as Gatekeeper's do; with another prefix nothing of it meets a Gatekeeper in the same namespace. A name that
Gatekeeper's chart has of itself counts as none then: a whole values file of that chart has it.
*/ -}}
{{- define "portcullis.name" -}}
{{- $given := .given | default "" }}
{{- if or (eq $given "") (eq $given (printf "gatekeeper-%s" .name)) }}
{{- $given = printf "%s-%s" .root.Values.namePrefix .name }}
{{- end }}
{{- $given }}
{{- end -}}
{{- define "portcullis.webhookConfiguration" -}}
{{- include "portcullis.name" (dict "root" . "name" "validating-webhook-configuration" "given" .Values.validatingWebhookName) }}
{{- end -}}
{{- define "portcullis.secret" -}}
{{- include "portcullis.name" (dict "root" . "name" "webhook-server-cert") }}
{{- end -}}
{{- define "portcullis.account" -}}
{{- include "portcullis.name" (dict "root" . "name" "admin" "given" .Values.controllerManager.serviceAccount.name) }}
{{- end -}}
{{- /* The Secret of a certificate that somebody brings. */ -}}
{{- define "portcullis.broughtSecret" -}}
{{- include "portcullis.name" (dict "root" . "name" "webhook-server-cert" "given" .Values.externalCertInjection.secretName) }}
{{- end -}}

{{- /* What a Pod is selected by. It is Gatekeeper's to the letter: a selector cannot be changed when a release is. */ -}}
{{- define "portcullis.podLabels" -}}
{{ include "portcullis.labels" . }}
control-plane: {{ if ne .Values.namePrefix "gatekeeper" }}{{ .Values.namePrefix }}-{{ end }}controller-manager
gatekeeper.sh/operation: webhook
{{- end -}}

{{- /* The labels of Gatekeeper's chart, by which users select its objects. */ -}}
{{- define "portcullis.labels" -}}
app: {{ include "portcullis.appName" . | quote }}
chart: {{ include "portcullis.appName" . | quote }}
gatekeeper.sh/system: "yes"
heritage: {{ .Release.Service | quote }}
release: {{ .Release.Name | quote }}
{{- end -}}

{{- define "portcullis.appName" -}}
{{- .Values.nameOverride | default "gatekeeper" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Those that the Deployment and its Pods have beside; what tells one of Gatekeeper's Pods cannot be changed. */ -}}
{{- define "portcullis.workloadLabels" -}}
{{- $name := include "portcullis.appName" .root }}
{{- $fixed := include "portcullis.podLabels" .root | fromYaml }}
{{- $common := dict "app.kubernetes.io/name" $name "app.kubernetes.io/instance" .root.Release.Name }}
{{- $_ := set $common "app.kubernetes.io/managed-by" .root.Release.Service }}
{{- $_ = set $common "app.kubernetes.io/version" (.root.Chart.Version | replace "+" "_") }}
{{- $_ = set $common "helm.sh/chart" (printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_") }}
{{- toYaml (merge $fixed (.root.Values.commonLabels | default dict) $common .given) }}
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

{{- /*
Where the webhook is called. An upgrade says whom the API server trusts now as well: a webhook that is new in it would
trust nobody until the server has seen it, and let through or refuse everything for that moment.
*/ -}}
{{- define "portcullis.call" -}}
{{- $live := include "portcullis.webhookConfiguration" .root | lookup "admissionregistration.k8s.io/v1" "ValidatingWebhookConfiguration" "" }}
{{- with dig "webhooks" list $live | first }}
{{- with dig "clientConfig" "caBundle" "" . }}
caBundle: {{ . }}
{{- end }}
{{- end }}
{{- if .root.Values.validatingWebhookURL }}
url: https://{{ .root.Values.validatingWebhookURL }}{{ .path }}
{{- else }}
service:
  name: {{ .root.Values.namePrefix }}-webhook-service
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

{{- /* The labels that exempt a namespace. Those that Gatekeeper's Job would label are exempt by their names instead. */ -}}
{{- define "portcullis.exemptLabels" -}}
{{- $exempt := deepCopy (.Values.validatingWebhookExemptNamespacesLabels | default dict) }}
{{- $names := get $exempt "kubernetes.io/metadata.name" | default list }}
{{- range $key, $enabled := dict "postInstall" true "postUpgrade" false }}
{{- $label := dig $key "labelNamespace" dict $.Values.AsMap }}
{{- if dig "enabled" $enabled $label }}
{{- $names = concat $names (dig "extraNamespaces" list $label | default list) | uniq }}
{{- end }}
{{- end }}
{{- if $names }}
{{- $_ := set $exempt "kubernetes.io/metadata.name" $names }}
{{- end }}
{{- toYaml $exempt }}
{{- end -}}

{{- /* The namespaces that are looked at; `names` is the list and `operator` how it counts. */ -}}
{{- define "portcullis.selector" -}}
namespaceSelector:
  matchExpressions:
  - key: admission.gatekeeper.sh/ignore
    operator: DoesNotExist
  {{- $names := .names }}
  {{- range $key, $values := include "portcullis.exemptLabels" .root | fromYaml }}
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
