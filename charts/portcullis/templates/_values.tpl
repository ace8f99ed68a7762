{{- /* Which values have no effect and why, a line for each reason. What cannot be kept ends the rendering. */ -}}
{{- define "portcullis.told" -}}
{{- $table := .Files.Get "files/values.yaml" | fromYaml }}
{{- $found := include "portcullis.without" (dict "table" $table "prefix" "" "values" .Values) | splitList "\n" | compact }}
{{- range $group := $table.told }}
{{- $names := list }}
{{- range $found }}
{{- if hasKey $group.values . }}
{{- $names = append $names . }}
{{- $found = without $found . }}
{{- end }}
{{- end }}
{{- if $names }}
{{ join ", " $names }}: {{ $group.because }}
{{- end }}
{{- end }}
{{- if $found }}
{{ join ", " $found }}: neither this chart nor Gatekeeper's has such a value
{{- end }}
{{- end -}}

{{- /* The values below a prefix that have no effect, by their names. */ -}}
{{- define "portcullis.without" -}}
{{- $table := .table }}
{{- range $key, $value := .values }}
{{- $path := printf "%s%s" $.prefix $key }}
{{- $row := get $table.refused $path }}
{{- $group := dict }}
{{- range $table.told }}
{{- if hasKey .values $path }}
{{- $group = . }}
{{- end }}
{{- end }}
{{- if or (has $path $table.honoured) (kindIs "invalid" $value) }}
{{- else if $row }}
{{- if not (include "portcullis.isAmong" (dict "value" $value "list" $row.taken)) }}
{{- fail (printf "%s=%s cannot be kept: %s" $path (toJson $value) $row.because) }}
{{- end }}
{{- else if $group }}
{{- if not (include "portcullis.isAmong" (dict "value" $value "list" (get $group.values $path))) }}
{{ $path }}
{{- end }}
{{- else if kindIs "map" $value }}
{{ include "portcullis.without" (dict "table" $table "prefix" (printf "%s." $path) "values" $value) | trim }}
{{- else }}
{{ $path }}
{{- end }}
{{- end }}
{{- end -}}


{{- define "portcullis.isAmong" -}}
{{- $text := toJson .value }}
{{- range .list }}
{{- if eq (toJson .) $text }}yes{{ end }}
{{- end }}
{{- end -}}

{{- /* What the table cannot say. */ -}}
{{- define "portcullis.checkValues" -}}
{{- $image := .Values.image }}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" (toString .Values.namePrefix)) }}
{{- fail (printf "namePrefix=%v cannot begin a name; use small letters, digits and dashes" .Values.namePrefix) }}
{{- end }}
{{- if not $image.repository }}
{{- fail "image.repository is empty; leave it away for the release's image" }}
{{- end }}
{{- if eq (regexReplaceAll "[:@].*$" (base $image.repository) "") "gatekeeper" }}
{{- fail (printf "image.repository=%s is Gatekeeper's image; leave image.repository and image.release away, or name one of Portcullis" $image.repository) }}
{{- end }}
{{- if and (regexMatch "^v?3\\." (toString $image.release)) (not (hasPrefix "v3." .Chart.AppVersion)) }}
{{- fail (printf "image.release=%s is a release of Gatekeeper; leave it away, or name one of Portcullis (this chart's is %s)" $image.release .Chart.AppVersion) }}
{{- end }}
{{- $tls := .Values.controllerManager.tlsMinVersion | default "1.3" }}
{{- if not (has (toString $tls) (list "1.2" "1.3")) }}
{{- fail (printf "controllerManager.tlsMinVersion=%v cannot be kept: the webhook is served with TLS 1.2 or 1.3 alone" $tls) }}
{{- end }}
{{- $strict := eq .Values.profile "strict" }}
{{- if and $strict (eq .Values.validatingWebhookScope "Cluster") }}
{{- fail "validatingWebhookScope=Cluster cannot be kept: profile=strict fails closed for objects in namespaces, and looks at all others; leave one of them away" }}
{{- end }}
{{- range $rule := .Values.validatingWebhookCustomRules }}
{{- if and $strict (eq (get $rule "scope") "Cluster") }}
{{- fail "validatingWebhookCustomRules has a rule with scope=Cluster, which cannot be kept: profile=strict fails closed for objects in namespaces, and looks at all others; leave the rule away" }}
{{- end }}
{{- end }}
{{- if and $strict (eq .Values.validatingWebhookFailurePolicy "Ignore") }}
{{- fail "validatingWebhookFailurePolicy=Ignore takes away what profile=strict is for; leave one of them away" }}
{{- end }}
{{- end -}}
