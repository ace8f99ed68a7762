{{- /* Written by scripts/write-chart.ts; do not edit. */ -}}
{{- define "portcullis.clusterRules" -}}
- apiGroups:
  - ""
  resources:
  - "namespaces"
  verbs:
  - "get"
  - "list"
  - "watch"
{{- if .Values.additionalMutatingWebhookConfigsToRotateCerts }}
- apiGroups:
  - "admissionregistration.k8s.io"
  resourceNames:
  {{- range .Values.additionalMutatingWebhookConfigsToRotateCerts }}
  - {{ . | quote }}
  {{- end }}
  resources:
  - "mutatingwebhookconfigurations"
  verbs:
  - "list"
  - "watch"
  - "patch"
{{- end }}
- apiGroups:
  - "admissionregistration.k8s.io"
  resourceNames:
  - {{ include "portcullis.webhookConfiguration" . | quote }}
  {{- range .Values.additionalValidatingWebhookConfigsToRotateCerts }}
  - {{ . | quote }}
  {{- end }}
  resources:
  - "validatingwebhookconfigurations"
  verbs:
  - "list"
  - "watch"
  - "patch"
- apiGroups:
  - "apiextensions.k8s.io"
  resources:
  - "customresourcedefinitions"
  verbs:
  - "get"
  - "list"
  - "watch"
  - "create"
  - "update"
  - "delete"
- apiGroups:
  - "constraints.gatekeeper.sh"
  resources:
  - "*"
  verbs:
  - "get"
  - "list"
  - "watch"
- apiGroups:
  - "constraints.gatekeeper.sh"
  resources:
  - "*/status"
  verbs:
  - "patch"
- apiGroups:
  - "syncset.gatekeeper.sh"
  resources:
  - "syncsets"
  verbs:
  - "list"
  - "watch"
- apiGroups:
  - "templates.gatekeeper.sh"
  resources:
  - "constrainttemplates"
  verbs:
  - "get"
  - "list"
  - "watch"
- apiGroups:
  - "templates.gatekeeper.sh"
  resources:
  - "constrainttemplates/finalizers"
  verbs:
  - "update"
- apiGroups:
  - "templates.gatekeeper.sh"
  resources:
  - "constrainttemplates/status"
  verbs:
  - "patch"
{{- if .Values.admissionEventsInvolvedNamespace }}
- apiGroups:
  - ""
  resources:
  - "events"
  verbs:
  - "create"
  - "patch"
{{- end }}
{{- if .Values.rbac.inventory }}
- apiGroups:
  - "*"
  resources:
  - "*"
  verbs:
  - "list"
  - "watch"
{{- end }}
{{- end -}}
{{- define "portcullis.namespaceRules" -}}
- apiGroups:
  - ""
  resources:
  - "events"
  verbs:
  - "create"
  - "patch"
- apiGroups:
  - ""
  resources:
  - "pods"
  verbs:
  - "get"
- apiGroups:
  - ""
  resources:
  - "secrets"
  verbs:
  - "create"
- apiGroups:
  - ""
  resourceNames:
  - {{ include "portcullis.secret" . | quote }}
  resources:
  - "secrets"
  verbs:
  - "list"
  - "watch"
  - "update"
- apiGroups:
  - "config.gatekeeper.sh"
  resources:
  - "configs"
  verbs:
  - "list"
  - "watch"
- apiGroups:
  - "config.gatekeeper.sh"
  resources:
  - "configs/status"
  verbs:
  - "patch"
- apiGroups:
  - "coordination.k8s.io"
  resources:
  - "leases"
  verbs:
  - "get"
  - "create"
  - "update"
- apiGroups:
  - "status.gatekeeper.sh"
  resources:
  - "configpodstatuses"
  - "constraintpodstatuses"
  - "constrainttemplatepodstatuses"
  verbs:
  - "get"
  - "list"
  - "watch"
  - "create"
  - "update"
  - "delete"
{{- end -}}
