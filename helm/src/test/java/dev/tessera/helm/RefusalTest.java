package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot work are refused before anything is installed, with a sentence or with the path to the value. */
class RefusalTest {
    private static final String POOLS = """
            pools:
              - {name: encoders, stage: tokenizer, models: [emoji-llamagen], replicas: 1}
              - {name: generators, stage: generator, models: [emoji-llamagen], replicas: 1%s}
              - {name: decoders, stage: decoder, models: [emoji-llamagen], replicas: 1}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    slots: -1                            | /pools/1/slots
                    slots: 0                             | /pools/1/slots
                    slots: many                          | /pools/1/slots
                    threads: -1                          | /pools/1/threads
                    precision: fp16                      | additional properties 'precision' not allowed
                    gpu: {count: 1}                      | missing property 'resource'
                    gpu: {resource: gpu}                 | /pools/1/gpu/resource
                    device: npu                          | /pools/1/device
                    device: cuda                         | pool generators has device cuda, but asks for none
                    stage: decoder, device: cuda, gpu: {resource: nvidia.com/gpu} | which only pools of the stage generator may
                    spot: sometimes                      | /pools/1/spot
                    tolerations: {key: gpu}              | /pools/1/tolerations
                    config: {"a b": 1}                   | 'a b' does not match pattern
                    replicas: 0                          | /pools/1/replicas
                    replicas: {min: 1, max: 2}           | /pools/1/replicas
                    autoscale: {min: 0, max: 2}          | pool generators has both replicas and autoscale
                    name: gateway                        | /pools/1/name
                    name: encoders                       | there are two pools encoders
                    name: Generators                     | /pools/1/name
                    stage: painter                       | /pools/1/stage
                    stage: decoder                       | model emoji-llamagen has the stage generator, but no pool
                    models: []                           | /pools/1/models
                    models: [vase]                       | serves the model vase, which is none of the models: emoji-llamagen
                    """)
    void shouldRefuseAPoolThatCannotWork(String setting, String reason) {
        // Given
        String values = POOLS.formatted(", " + setting).replaceFirst(duplicate(setting), "");

        // When, then
        assertThatThrownBy(() -> Chart.render("local", values)).hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {name: m, stages: [tokenizer]}                                        | missing property 'bundle'
                    {name: m, stages: [tokenizer], bundle: {}}                            | /models/0/bundle
                    {name: m, stages: [tokenizer], bundle: {image: {path: m}}}            | missing property 'reference'
                    {name: m, stages: [tokenizer], bundle: {claim: {name: a}, image: {reference: b}}} | /models/0/bundle
                    {name: m, stages: [tokenizer], bundle: {claim: {name: a, path: /m}}}  | /models/0/bundle/claim/path
                    {name: m, stages: [tokenizer], bundle: {bucket: {path: m}}}           | 'path' not allowed
                    {name: m, stages: [tokenizer], bundle: {bucket: {digest: m}}}         | missing property 'prefix'
                    {name: m, stages: [tokenizer], bundle: {bucket: {prefix: /m}}}        | /models/0/bundle/bucket/prefix
                    {name: m, stages: [tokenizer], bundle: {bucket: {prefix: m/}}}        | /models/0/bundle/bucket/prefix
                    {name: m, stages: [tokenizer], bundle: {bucket: {prefix: "a,b"}}}     | /models/0/bundle/bucket/prefix
                    {name: m, stages: [tokenizer], bundle: {bucket: {prefix: m, digest: 91d5}}} | /models/0/bundle/bucket/digest
                    {name: m, stages: [tokenizer], bundle: {bucket: {prefix: m, sizeLimit: large}}} | /models/0/bundle/bucket/sizeLimit
                    {name: m, stages: [tokenizer], bundle: {bucket: {prefix: m}, claim: {name: a}}} | /models/0/bundle
                    {name: m, stages: [tokenizer, painter], bundle: {claim: {name: a}}}   | /models/0/stages/1
                    {name: m, stages: [], bundle: {claim: {name: a}}}                     | /models/0/stages
                    {name: m, bundle: {claim: {name: a}}}                                 | missing property 'stages'
                    {name: m, stages: [tokenizer], bundle: {claim: {name: a}}, previous: {}} | /models/0/previous
                    {name: M, stages: [tokenizer], bundle: {claim: {name: a}}}            | /models/0/name
                    """)
    void shouldRefuseAModelThatCannotBeServed(String model, String reason) {
        // Given
        String values = """
                models:
                  - %s
                """.formatted(model);

        // When, then
        assertThatThrownBy(() -> Chart.render("local", values)).hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    kafka: {bootstrapServers: ""}                     | kafka.bootstrapServers is empty
                    kafka: {bootstrapServers: broker}                 | /kafka/bootstrapServers
                    kafka: {protocol: TLS}                            | /kafka/protocol
                    kafka: {protocol: SASL_SSL}                       | kafka.sasl.secret is empty
                    kafka: {sasl: {password: secret}}                 | 'password' not allowed
                    objectStore: {endpoint: ""}                       | objectStore.endpoint is empty
                    objectStore: {endpoint: "minio:9000"}             | /objectStore/endpoint
                    objectStore: {secret: ""}                         | objectStore.secret is empty
                    objectStore: {secretKey: abc}                     | 'secretKey' not allowed
                    models: []                                        | models is empty
                    pools: []                                         | pools is empty
                    gateway: {replicas: 0}                            | /gateway/replicas
                    gateway: {defaultModel: vase}                     | gateway.defaultModel is vase, which is none of the models
                    gateway: {ingress: {enabled: true}}               | gateway.ingress.hosts is empty
                    gateway: {httpRoute: {enabled: true}}             | gateway.httpRoute.parentRefs is empty
                    gateway: {operations: {deletionCost: true}}       | gateway.operations.enabled is not: set both
                    {gateway: {operations: {enabled: true}}, serviceAccount: {create: false}} | serviceAccount.create is not
                    gateway: {publicPaths: [v1]}                      | /gateway/publicPaths/0
                    monitoring: {slowJobSeconds: 0}                   | /monitoring/slowJobSeconds
                    generator: {slot: 4}                              | 'slot' not allowed
                    painter: {slots: 4}                               | 'painter' not allowed
                    autoscaling: {targetSeconds: 0}                   | /autoscaling/targetSeconds
                    autoscaling: {enabled: true}                      | 'enabled' not allowed
                    networkPolicy: {keda: []}                         | /networkPolicy/keda
                    spot: {noticeSeconds: 5}                          | /spot/noticeSeconds
                    """)
    void shouldRefuseSettingsThatCannotWork(String values, String reason) {
        // When, then
        assertThatThrownBy(() -> Chart.render("local", values)).hasMessageContaining(reason);
    }

    @Test
    void shouldRefuseTheDefaultsAndSayWhatIsMissing() {
        // When, then
        assertThatThrownBy(() -> Chart.render(List.<Path>of()))
                .hasMessageContaining("kafka.bootstrapServers is empty: name the brokers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    slots: 8                                      | pool generators has neither replicas nor autoscale
                    autoscale: {min: 2, max: 1}                   | autoscale.min 2 above autoscale.max 1
                    autoscale: {min: -1, max: 1}                  | /pools/1/autoscale/min
                    autoscale: {max: 1}                           | missing property 'min'
                    autoscale: {min: 0, max: 1, targetSeconds: 0} | /pools/1/autoscale/targetSeconds
                    """)
    void shouldRefuseBoundsThatCannotWork(String setting, String reason) {
        // Given
        String values = POOLS.formatted(", " + setting).replace("replicas: 1, " + setting, setting);

        // When, then
        assertThatThrownBy(() -> Chart.render("local", values)).hasMessageContaining(reason);
    }

    @Test
    void shouldRefuseTwoModelsOfOneName() {
        // Given
        String values = """
                models:
                  - {name: m, stages: [decoder], bundle: {claim: {name: a}}}
                  - {name: m, stages: [decoder], bundle: {claim: {name: b}}}
                """;

        // When, then
        assertThatThrownBy(() -> Chart.render("local", values)).hasMessageContaining("there are two models m");
    }

    @Test
    void shouldRefuseAPoolOfAStageThatItsModelDoesNotHave() {
        // Given
        String values = """
                models:
                  - {name: emoji-llamagen, stages: [tokenizer, generator], bundle: {claim: {name: a}}}
                """;

        // When, then
        assertThatThrownBy(() -> Chart.render("local", values))
                .hasMessageContaining(
                        "pool decoders is of the stage decoder, which the model emoji-llamagen does not have");
    }

    /** The key that the setting sets and the template of the pool has too. */
    private static String duplicate(String setting) {
        return switch (setting.substring(0, setting.indexOf(':'))) {
            case "name" -> "name: generators, ";
            case "stage" -> "stage: generator, ";
            case "models" -> "(?<=generator, )models: \\[emoji-llamagen], ";
            case "replicas" -> "(?<=emoji-llamagen], )replicas: 1, (?=replicas)";
            default -> "no such key";
        };
    }
}
