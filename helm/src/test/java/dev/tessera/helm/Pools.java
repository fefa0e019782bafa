package dev.tessera.helm;

/** Values that several tests render. */
final class Pools {
    /** One model from a claim, one from an image, and a pool of generators for each. */
    static final String TWO_MODELS = """
            models:
              - name: emoji-llamagen
                stages: [tokenizer, generator, decoder]
                bundle: {claim: {name: tessera-models, path: emoji-llamagen}}
              - name: vase
                stages: [tokenizer, generator, decoder]
                bundle: {image: {reference: "registry.example.com/vase:1", path: bundle}}
                manifest: {configMap: vase-manifest}
            pools:
              - {name: encoders, stage: tokenizer, models: [vase, emoji-llamagen], replicas: 1}
              - {name: fast, stage: generator, models: [emoji-llamagen], replicas: 2, slots: 8}
              - {name: slow, stage: generator, models: [vase], replicas: 1, threads: 3}
              - {name: decoders, stage: decoder, models: [vase, emoji-llamagen], replicas: 1}
            """;

    private Pools() {}
}
