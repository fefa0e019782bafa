{{/* Names and labels. */}}

{{- define "tessera.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 30 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 30 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 30 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Labels that pods are found by. Takes root, component and, for a pool's, pool. */}}
{{- define "tessera.selectorLabels" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- with .pool }}
tessera.dev/pool: {{ .name }}
{{- end }}
{{- end -}}

{{- define "tessera.labels" -}}
{{ include "tessera.selectorLabels" . }}
app.kubernetes.io/part-of: tessera
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* An object's metadata. Takes root, name, component, pool, annotations and further labels. */}}
{{- define "tessera.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "tessera.labels" . | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The service of a component: the name of its module and of its image. */}}
{{- define "tessera.service" -}}
{{- if eq . "gateway" -}}gateway{{- else -}}{{ . }}-service{{- end -}}
{{- end -}}

{{- define "tessera.image" -}}
{{- $image := .root.Values.image -}}
{{- with $image.registry }}{{ . }}/{{ end -}}
{{- with $image.repository }}{{ . }}/{{ end -}}
{{ include "tessera.service" .component }}:{{ default .root.Chart.AppVersion $image.tag }}
{{- if eq (dig "device" "cpu" (default dict .pool)) "cuda" }}-cuda{{ end -}}
{{- end -}}

{{- define "tessera.serviceAccountName" -}}
{{- if .root.Values.serviceAccount.create -}}
{{ include "tessera.fullname" .root }}-{{ .component }}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{/* What the values must agree in, beyond their schema. Fails with a sentence. */}}
{{- define "tessera.validate" -}}
{{- if not .Values.kafka.bootstrapServers }}{{ fail "kafka.bootstrapServers is empty: name the brokers, for example tessera-kafka-bootstrap:9092." }}{{ end -}}
{{- if not .Values.objectStore.endpoint }}{{ fail "objectStore.endpoint is empty: give the URL of the S3 server, for example http://minio.minio.svc:9000." }}{{ end -}}
{{- if not .Values.objectStore.secret }}{{ fail "objectStore.secret is empty: name the existing Secret with the bucket's access key and secret key." }}{{ end -}}
{{- if not .Values.models }}{{ fail "models is empty: name at least one model with its bundle and its stages." }}{{ end -}}
{{- if not .Values.pools }}{{ fail "pools is empty: each stage of each model needs a pool." }}{{ end -}}
{{- if and (hasPrefix "SASL" .Values.kafka.protocol) (not .Values.kafka.sasl.secret) }}{{ fail (printf "kafka.protocol is %s, but kafka.sasl.secret is empty: name the existing Secret with the JAAS configuration." .Values.kafka.protocol) }}{{ end -}}
{{- $models := dict -}}
{{- range .Values.models }}
{{- if hasKey $models .name }}{{ fail (printf "models: there are two models %s." .name) }}{{ end -}}
{{- $_ := set $models .name .stages -}}
{{- end -}}
{{- with .Values.gateway.defaultModel }}
{{- if not (hasKey $models .) }}{{ fail (printf "gateway.defaultModel is %s, which is none of the models: %s." . (keys $models | sortAlpha | join ", ")) }}{{ end -}}
{{- end -}}
{{- $names := dict -}}
{{- $served := dict -}}
{{- range .Values.pools }}
{{- $pool := . -}}
{{- if hasKey $names .name }}{{ fail (printf "pools: there are two pools %s." .name) }}{{ end -}}
{{- if and .replicas .autoscale }}{{ fail (printf "pool %s has both replicas and autoscale: its size is either fixed or found." .name) }}{{ end -}}
{{- if not (or .replicas .autoscale) }}{{ fail (printf "pool %s has neither replicas nor autoscale: say how large it is, or between which bounds." .name) }}{{ end -}}
{{- with .autoscale }}
{{- if gt (int .min) (int .max) }}{{ fail (printf "pool %s has autoscale.min %d above autoscale.max %d." $pool.name (int .min) (int .max)) }}{{ end -}}
{{- end -}}
{{- if eq (default "cpu" .device) "cuda" }}
{{- if ne .stage "generator" }}{{ fail (printf "pool %s has device cuda, which only pools of the stage generator may: the others compute on the processor." .name) }}{{ end -}}
{{- if not .gpu }}{{ fail (printf "pool %s has device cuda, but asks for none: name it in gpu.resource, for example nvidia.com/gpu." .name) }}{{ end -}}
{{- end -}}
{{- $_ := set $names .name true -}}
{{- range .models }}
{{- if not (hasKey $models .) }}{{ fail (printf "pool %s serves the model %s, which is none of the models: %s." $pool.name . (keys $models | sortAlpha | join ", ")) }}{{ end -}}
{{- if not (has $pool.stage (get $models .)) }}{{ fail (printf "pool %s is of the stage %s, which the model %s does not have: %s." $pool.name $pool.stage . (get $models . | join ", ")) }}{{ end -}}
{{- $_ := set $served (printf "%s/%s" . $pool.stage) true -}}
{{- end -}}
{{- end -}}
{{- range .Values.models }}
{{- $model := . -}}
{{- range .stages }}
{{- if not (hasKey $served (printf "%s/%s" $model.name .)) }}{{ fail (printf "model %s has the stage %s, but no pool of that stage serves it: its jobs would wait for ever." $model.name .) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.gateway.ingress.enabled (not .Values.gateway.ingress.hosts) }}{{ fail "gateway.ingress.enabled is true, but gateway.ingress.hosts is empty: name at least one host." }}{{ end -}}
{{- with .Values.gateway.operations }}
{{- if and .deletionCost (not .enabled) }}{{ fail "gateway.operations.deletionCost is true, but gateway.operations.enabled is not: set both." }}{{ end -}}
{{- if and .enabled (not $.Values.serviceAccount.create) }}{{ fail "gateway.operations.enabled is true, but serviceAccount.create is not: every pod under the namespace's default account would get the gateway's rights." }}{{ end -}}
{{- end -}}
{{- if and .Values.gateway.httpRoute.enabled (not .Values.gateway.httpRoute.parentRefs) }}{{ fail "gateway.httpRoute.enabled is true, but gateway.httpRoute.parentRefs is empty: name the Gateway it attaches to." }}{{ end -}}
{{- end -}}

{{/* What every container may do: nothing but run. */}}
{{- define "tessera.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "tessera.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Settings. */}}

{{/* What a service needs besides its own settings. Takes root and the models whose bundles are mounted. */}}
{{- define "tessera.properties" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $store := .root.Values.objectStore -}}
quarkus.http.port=8080
kafka.bootstrap.servers={{ $kafka.bootstrapServers }}
kafka.security.protocol={{ $kafka.protocol }}
{{- if hasSuffix "SSL" $kafka.protocol }}
{{- if $kafka.tls.caSecret }}
kafka.ssl.truststore.type=PEM
kafka.ssl.truststore.location=/etc/tessera/kafka-ca/ca.crt
{{- end }}
{{- if $kafka.tls.clientSecret }}
kafka.ssl.keystore.type=PEM
kafka.ssl.keystore.certificate.chain=${TESSERA_KAFKA_CERTIFICATE}
kafka.ssl.keystore.key=${TESSERA_KAFKA_PRIVATE_KEY}
{{- end }}
{{- end }}
{{- if hasPrefix "SASL" $kafka.protocol }}
kafka.sasl.mechanism={{ $kafka.sasl.mechanism }}
kafka.sasl.jaas.config=${TESSERA_KAFKA_JAAS_CONFIG}
{{- end }}
tessera.object-store.endpoint={{ $store.endpoint }}
tessera.object-store.bucket={{ $store.bucket }}
tessera.object-store.region={{ $store.region }}
tessera.models.directories={{ range $i, $model := .models }}{{ if $i }},{{ end }}/models/{{ $model }}{{ end }}
{{- end -}}

{{/* The earlier bundles of a pool's models; the gateway gives them no jobs. */}}
{{- define "tessera.previousModels" -}}
{{- $folders := list -}}
{{- $served := .pool.models -}}
{{- range .root.Values.models }}
{{- if and .previous (has .name $served) }}{{- $folders = append $folders (printf "/previous/%s" .name) }}{{- end }}
{{- end -}}
{{- with $folders }}
tessera.models.previous={{ join "," . }}
{{- end }}
{{- end -}}

{{/*
The bundles that a pod fetches into its folders. Takes root, component, the models whose bundles it has, and the seconds that its start may take:
a bucket that is away for nearly as long ends the start with a sentence, before the cluster ends it without one.
*/}}
{{- define "tessera.fetchedModels" -}}
{{- $call := . -}}
{{- $gateway := eq .component "gateway" -}}
{{- $fetched := list -}}
{{- range .root.Values.models }}
{{- if has .name $call.models }}
{{- if and .bundle.bucket (not (and $gateway .manifest)) }}
{{- $fetched = append $fetched (dict "key" .name "folder" (printf "/models/%s" .name) "bundle" .bundle.bucket) }}
{{- end }}
{{- if and (dig "bucket" false (default dict .previous)) (not $gateway) }}
{{- $fetched = append $fetched (dict "key" (printf "previous_%s" .name) "folder" (printf "/previous/%s" .name) "bundle" .previous.bucket) }}
{{- end }}
{{- end }}
{{- end -}}
{{- range $model := $fetched }}
tessera.models.bucket.{{ .key }}.directory={{ .folder }}
tessera.models.bucket.{{ .key }}.prefix={{ .bundle.prefix }}
{{- with .bundle.digest }}
tessera.models.bucket.{{ $model.key }}.digest={{ . }}
{{- end }}
{{- end }}
{{- if $fetched }}
tessera.models.bucket-patience={{ max 5 (sub (int .startupSeconds) 15) }}s
{{- end }}
{{- end -}}

{{/* Settings by name, in order; the later ones of a name win. Takes a list of dicts. */}}
{{- define "tessera.furtherProperties" -}}
{{- $all := dict -}}
{{- range . }}{{- range $key, $value := . }}{{- $_ := set $all $key (toString $value) }}{{- end }}{{- end -}}
{{- range $key := keys $all | sortAlpha }}
{{ $key }}={{ get $all $key | replace "\\" "\\\\" }}
{{- end }}
{{- end -}}

{{- define "tessera.gateway.properties" -}}
{{- $models := list -}}
{{- range .Values.models }}{{- $models = append $models .name }}{{- end -}}
{{ include "tessera.properties" (dict "root" . "models" $models) }}
{{- include "tessera.fetchedModels" (dict "root" . "component" "gateway" "models" $models "startupSeconds" .Values.gateway.startupSeconds) }}
{{- with .Values.gateway.defaultModel }}
tessera.gateway.default-model={{ . }}
{{- end }}
tessera.gateway.scaler.target={{ int .Values.autoscaling.targetSeconds }}s
{{- range $pool := .Values.pools }}
tessera.gateway.pools.{{ .name }}.stage={{ .stage }}
tessera.gateway.pools.{{ .name }}.models={{ .models | join "," }}
{{- with dig "targetSeconds" 0 (default dict .autoscale) }}
tessera.gateway.pools.{{ $pool.name }}.target={{ int . }}s
{{- end }}
{{- end }}
{{- with .Values.gateway.operations }}
{{- if .enabled }}
tessera.gateway.kubernetes.namespace={{ $.Release.Namespace }}
tessera.gateway.kubernetes.release={{ $.Release.Name }}
tessera.gateway.kubernetes.prefix={{ include "tessera.fullname" $ }}-
tessera.gateway.kubernetes.deletion-cost.enabled={{ .deletionCost }}
{{- end }}
{{- end }}
{{- include "tessera.furtherProperties" (list .Values.config .Values.gateway.config) }}
{{- end -}}

{{/* How long a pool's pods may take to leave, in seconds. */}}
{{- define "tessera.pool.drainSeconds" -}}
{{- if .pool.spot -}}
{{ sub (int .root.Values.spot.noticeSeconds) 10 }}
{{- else -}}
{{ int (get .root.Values .pool.stage).drainSeconds }}
{{- end -}}
{{- end -}}

{{- define "tessera.pool.properties" -}}
{{- $defaults := get .root.Values .pool.stage -}}
{{- $slots := int (default $defaults.slots .pool.slots) -}}
{{- $drain := int (include "tessera.pool.drainSeconds" .) -}}
{{ include "tessera.properties" (dict "root" .root "models" .pool.models) }}
{{- include "tessera.previousModels" . }}
{{- include "tessera.fetchedModels" (dict "root" .root "component" .pool.stage "models" .pool.models "startupSeconds" (default $defaults.startupSeconds .pool.startupSeconds)) }}
{{ if has .pool.stage (list "generator" "superres") -}}
tessera.{{ .pool.stage }}.slots={{ $slots }}
tessera.{{ .pool.stage }}.drain-timeout={{ min $drain (int $defaults.finishSeconds) }}s
{{- else -}}
tessera.work.slots={{ $slots }}
{{- end }}
tessera.work.shutdown-grace={{ $drain }}s
quarkus.shutdown.timeout={{ add $drain 5 }}s
{{- if eq (default "cpu" .pool.device) "cuda" }}
tessera.{{ .pool.stage }}.device=cuda
{{- end }}
{{- if hasKey .pool "threads" }}
tessera.{{ .pool.stage }}.threads={{ int .pool.threads }}
{{- end }}
{{- if eq .pool.stage "tokenizer" }}
tessera.tokenizer.native-directory=/tmp/tokenizers
{{- end }}
{{- include "tessera.furtherProperties" (list .root.Values.config (default dict .pool.config)) }}
{{- end -}}

{{/* Pods. */}}

{{- define "tessera.environment" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $store := .root.Values.objectStore -}}
- name: JDK_JAVA_OPTIONS
  value: {{ .jvmOptions | quote }}
- name: TESSERA_OBJECT_STORE_ACCESS_KEY
  valueFrom:
    secretKeyRef: {name: {{ $store.secret }}, key: {{ $store.accessKeyKey }}}
- name: TESSERA_OBJECT_STORE_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ $store.secret }}, key: {{ $store.secretKeyKey }}}
{{- if and (hasSuffix "SSL" $kafka.protocol) $kafka.tls.clientSecret }}
- name: TESSERA_KAFKA_CERTIFICATE
  valueFrom:
    secretKeyRef: {name: {{ $kafka.tls.clientSecret }}, key: {{ $kafka.tls.certificateKey }}}
- name: TESSERA_KAFKA_PRIVATE_KEY
  valueFrom:
    secretKeyRef: {name: {{ $kafka.tls.clientSecret }}, key: {{ $kafka.tls.privateKeyKey }}}
{{- end }}
{{- if hasPrefix "SASL" $kafka.protocol }}
- name: TESSERA_KAFKA_JAAS_CONFIG
  valueFrom:
    secretKeyRef: {name: {{ $kafka.sasl.secret }}, key: {{ $kafka.sasl.jaasConfigKey }}}
{{- end }}
{{- end -}}

{{- define "tessera.probes" -}}
# Models are loaded, and the log is replayed, before the first answer.
startupProbe:
  httpGet: {path: /q/health/started, port: http}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: {{ div (add (int .startupSeconds) 4) 5 }}
readinessProbe:
  httpGet: {path: /q/health/ready, port: http}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 3
livenessProbe:
  httpGet: {path: /q/health/live, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* Where the bundles of the named models are mounted. The gateway may do with the manifest alone. */}}
{{- define "tessera.mounts" -}}
- name: config
  mountPath: /opt/tessera/config
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if and (hasSuffix "SSL" .root.Values.kafka.protocol) .root.Values.kafka.tls.caSecret }}
- name: kafka-ca
  mountPath: /etc/tessera/kafka-ca
  readOnly: true
{{- end }}
{{- $mounts := . }}
{{- range .root.Values.models }}
{{- if has .name $mounts.models }}
- name: model-{{ .name }}
  mountPath: /models/{{ .name }}
  {{- if and .manifest (eq $mounts.component "gateway") }}
  readOnly: true
  {{- else }}
  {{- include "tessera.bundleMount" .bundle | nindent 2 }}
  {{- end }}
{{- if and .previous (ne $mounts.component "gateway") }}
- name: earlier-{{ .name }}
  mountPath: /previous/{{ .name }}
  {{- include "tessera.bundleMount" .previous | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* How a bundle's volume is mounted: only what the service fetches itself may be written. */}}
{{- define "tessera.bundleMount" -}}
readOnly: {{ not .bucket }}
{{- if not .bucket }}
{{- with (default .claim .image).path }}
subPath: {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The volume with a bundle, or for one. */}}
{{- define "tessera.bundleVolume" -}}
{{- if .image -}}
image:
  reference: {{ .image.reference | quote }}
  pullPolicy: {{ default "IfNotPresent" .image.pullPolicy }}
{{- else if .bucket -}}
{{- with .bucket.sizeLimit -}}
emptyDir:
  sizeLimit: {{ . }}
{{- else -}}
emptyDir: {}
{{- end }}
{{- else -}}
persistentVolumeClaim:
  claimName: {{ .claim.name }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "tessera.volumes" -}}
- name: config
  configMap:
    name: {{ .config }}
- name: tmp
  emptyDir:
    sizeLimit: 512Mi
{{- if and (hasSuffix "SSL" .root.Values.kafka.protocol) .root.Values.kafka.tls.caSecret }}
- name: kafka-ca
  secret:
    secretName: {{ .root.Values.kafka.tls.caSecret }}
    items:
      - key: {{ .root.Values.kafka.tls.caKey }}
        path: ca.crt
{{- end }}
{{- $mounts := . }}
{{- range .root.Values.models }}
{{- if has .name $mounts.models }}
- name: model-{{ .name }}
  {{- if and .manifest (eq $mounts.component "gateway") }}
  configMap:
    name: {{ .manifest.configMap }}
    items:
      - key: {{ default "bundle.yaml" .manifest.key }}
        path: bundle.yaml
  {{- else }}
  {{- include "tessera.bundleVolume" .bundle | nindent 2 }}
  {{- end }}
{{- if and .previous (ne $mounts.component "gateway") }}
- name: earlier-{{ .name }}
  {{- include "tessera.bundleVolume" .previous | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Pods of one kind spread over nodes and zones as far as they can. */}}
{{- define "tessera.topologySpread" -}}
{{- $selector := include "tessera.selectorLabels" . -}}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- topologyKey: {{ . }}
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- $selector | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "tessera.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Pools. Each object of a pool takes root and pool. */}}

{{/* One object for each pool of a stage. Takes root, stage and the name of the object's template. */}}
{{- define "tessera.pools" -}}
{{- $call := . -}}
{{- range .root.Values.pools }}
{{- if eq .stage $call.stage }}
{{- with include $call.object (dict "root" $call.root "pool" .) }}
---
{{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether a stage has a pool: then it prints something. */}}
{{- define "tessera.hasPools" -}}
{{- $call := . -}}
{{- range .root.Values.pools }}{{- if eq .stage $call.stage }}yes{{- end }}{{- end -}}
{{- end -}}

{{/* Whether KEDA is to scale any pool: then it prints something. */}}
{{- define "tessera.autoscales" -}}
{{- range .Values.pools }}{{- if .autoscale }}yes{{- end }}{{- end -}}
{{- end -}}

{{- define "tessera.pool.name" -}}
{{ include "tessera.fullname" .root }}-{{ .pool.name }}
{{- end -}}

{{- define "tessera.pool.metadata" -}}
{{ include "tessera.metadata" (dict "root" .root "name" (include "tessera.pool.name" .) "component" .pool.stage "pool" .pool) }}
{{- end -}}

{{- define "tessera.pool.selector" -}}
{{ include "tessera.selectorLabels" (dict "root" .root "component" .pool.stage "pool" .pool) }}
{{- end -}}

{{- define "tessera.pool.configmap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "tessera.pool.metadata" . | nindent 2 }}
data:
  application.properties: |
    {{- include "tessera.pool.properties" . | nindent 4 }}
{{- end -}}

{{- define "tessera.pool.deployment" -}}
{{- $values := .root.Values -}}
{{- $defaults := get $values .pool.stage -}}
{{- $names := dict "root" .root "component" .pool.stage "pool" .pool -}}
{{- $mounts := dict "root" .root "component" .pool.stage "models" .pool.models "config" (include "tessera.pool.name" .) -}}
{{- $nodes := default dict .pool.nodeSelector -}}
{{- $tolerations := default list .pool.tolerations -}}
{{- if .pool.spot -}}
{{- $nodes = merge (deepCopy $nodes) $values.spot.nodeSelector -}}
{{- $tolerations = concat $tolerations $values.spot.tolerations -}}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "tessera.pool.metadata" . | nindent 2 }}
spec:
  {{- with .pool.replicas }}
  replicas: {{ int . }}
  {{- end }}
  revisionHistoryLimit: 5
  # A GPU is seldom free for a second generation of pods: the old one goes first, one by one.
  strategy:
    rollingUpdate:
      maxSurge: {{ if .pool.gpu }}0{{ else }}1{{ end }}
      maxUnavailable: {{ if .pool.gpu }}1{{ else }}0{{ end }}
  selector:
    matchLabels:
      {{- include "tessera.pool.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "tessera.labels" $names | nindent 8 }}
        {{- with .pool.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        checksum/config: {{ include "tessera.pool.properties" . | sha256sum }}
        {{- with .pool.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "tessera.serviceAccountName" $names }}
      automountServiceAccountToken: false
      # A link named like this release would be read as a setting.
      enableServiceLinks: false
      {{- include "tessera.pullSecrets" .root | nindent 6 }}
      securityContext:
        {{- include "tessera.podSecurityContext" . | nindent 8 }}
      terminationGracePeriodSeconds: {{ add (include "tessera.pool.drainSeconds" .) 10 }}
      {{- with .pool.runtimeClassName }}
      runtimeClassName: {{ . }}
      {{- end }}
      {{- with .pool.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with $nodes }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .pool.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        {{- include "tessera.topologySpread" $names | nindent 8 }}
      containers:
        - name: {{ .pool.stage }}
          image: {{ default (include "tessera.image" $names) .pool.image | quote }}
          imagePullPolicy: {{ $values.image.pullPolicy }}
          # Settings are read from the folder config below it.
          workingDir: /opt/tessera
          securityContext:
            {{- include "tessera.securityContext" . | nindent 12 }}
          env:
            {{- include "tessera.environment" (dict "root" .root "jvmOptions" (default $defaults.jvmOptions .pool.jvmOptions)) | nindent 12 }}
          ports:
            - name: http
              containerPort: 8080
          resources:
            {{- include "tessera.pool.resources" . | nindent 12 }}
          {{- include "tessera.probes" (dict "startupSeconds" (default $defaults.startupSeconds .pool.startupSeconds)) | nindent 10 }}
          volumeMounts:
            {{- include "tessera.mounts" $mounts | nindent 12 }}
      volumes:
        {{- include "tessera.volumes" $mounts | nindent 8 }}
{{- end -}}

{{/* A device is given whole: what is asked for is also the limit. */}}
{{- define "tessera.pool.resources" -}}
{{- $resources := deepCopy (default (get .root.Values .pool.stage).resources .pool.resources) -}}
{{- with .pool.gpu }}
{{- $limits := default dict $resources.limits -}}
{{- $_ := set $resources "limits" (merge (dict .resource (default 1 .count | int)) $limits) -}}
{{- end -}}
{{ toYaml $resources }}
{{- end -}}

{{/* KEDA sets the number of replicas: by the seconds of work that the gateway tells it the pool has. */}}
{{- define "tessera.pool.scaledobject" -}}
{{- $scaling := .root.Values.autoscaling -}}
{{- if .pool.autoscale -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "tessera.pool.metadata" . | nindent 2 }}
spec:
  scaleTargetRef:
    name: {{ include "tessera.pool.name" . }}
  minReplicaCount: {{ int .pool.autoscale.min }}
  maxReplicaCount: {{ int .pool.autoscale.max }}
  pollingInterval: {{ int $scaling.pollingInterval }}
  cooldownPeriod: {{ int $scaling.cooldownPeriod }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleUp:
          stabilizationWindowSeconds: 0
        scaleDown:
          stabilizationWindowSeconds: {{ int $scaling.scaleDownSeconds }}
  triggers:
    - type: external-push
      metricType: AverageValue
      metadata:
        scalerAddress: {{ include "tessera.fullname" .root }}-scaler.{{ .root.Release.Namespace }}.svc:9091
        pool: {{ .pool.name | quote }}
{{- end -}}
{{- end -}}

{{/* Nobody may take away more than one replica at a time; of a single one there is nothing to keep. */}}
{{- define "tessera.pool.poddisruptionbudget" -}}
{{- if gt (int (dig "max" .pool.replicas (default dict .pool.autoscale))) 1 -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "tessera.pool.metadata" . | nindent 2 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      {{- include "tessera.pool.selector" . | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* Stages: what the pools of one share. Each takes root and stage. */}}

{{- define "tessera.stage.serviceaccount" -}}
{{- if and .root.Values.serviceAccount.create (include "tessera.hasPools" .) -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "tessera.metadata" (dict "root" .root "component" .stage "name" (printf "%s-%s" (include "tessera.fullname" .root) .stage) "annotations" .root.Values.serviceAccount.annotations) | nindent 2 }}
automountServiceAccountToken: false
{{- end -}}
{{- end -}}

{{/* A stage takes work from the broker and keeps things in the bucket; nobody but Prometheus asks it anything. */}}
{{- define "tessera.stage.networkpolicy" -}}
{{- if and .root.Values.networkPolicy.enabled (include "tessera.hasPools" .) -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "tessera.metadata" (dict "root" .root "component" .stage "name" (printf "%s-%s" (include "tessera.fullname" .root) .stage)) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "tessera.selectorLabels" (dict "root" .root "component" .stage) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- include "tessera.networkPolicy.metrics" .root | nindent 4 }}
  egress:
    {{- include "tessera.networkPolicy.egress" .root | nindent 4 }}
{{- end -}}
{{- end -}}

{{- define "tessera.stage.podmonitor" -}}
{{- if and .root.Values.monitoring.monitors (include "tessera.hasPools" .) -}}
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  {{- include "tessera.metadata" (dict "root" .root "component" .stage "name" (printf "%s-%s" (include "tessera.fullname" .root) .stage) "labels" .root.Values.monitoring.labels) | nindent 2 }}
spec:
  selector:
    matchLabels:
      {{- include "tessera.selectorLabels" (dict "root" .root "component" .stage) | nindent 6 }}
  podTargetLabels: [tessera.dev/pool]
  podMetricsEndpoints:
    - port: http
      path: /q/metrics
      interval: {{ .root.Values.monitoring.interval }}
{{- end -}}
{{- end -}}

{{/* Who may talk to whom. */}}

{{- define "tessera.networkPolicy.metrics" -}}
{{- with .Values.networkPolicy.monitoring -}}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    - port: http
{{- else -}}
[]
{{- end }}
{{- end -}}

{{- define "tessera.networkPolicy.egress" -}}
{{- $policy := .Values.networkPolicy -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
- ports:
    {{- range (include "tessera.kafkaPorts" . | splitList ",") }}
    - {port: {{ . }}, protocol: TCP}
    {{- end }}
  {{- with $policy.kafka }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
- ports:
    - {port: {{ include "tessera.objectStorePort" . }}, protocol: TCP}
  {{- with $policy.objectStore }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- with $policy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "tessera.kafkaPorts" -}}
{{- $ports := list -}}
{{- range splitList "," .Values.kafka.bootstrapServers }}{{- $ports = append $ports (splitList ":" . | last) }}{{- end -}}
{{- $ports | uniq | join "," -}}
{{- end -}}

{{- define "tessera.objectStorePort" -}}
{{- $url := urlParse .Values.objectStore.endpoint -}}
{{- if regexMatch ":[0-9]+$" $url.host -}}
{{- splitList ":" $url.host | last -}}
{{- else if eq $url.scheme "https" -}}
443
{{- else -}}
80
{{- end -}}
{{- end -}}
