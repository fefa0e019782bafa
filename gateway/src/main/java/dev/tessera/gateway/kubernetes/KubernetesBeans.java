package dev.tessera.gateway.kubernetes;

import dev.tessera.gateway.GatewayConfig;
import dev.tessera.gateway.PoolCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Puts together what speaks to the cluster, if the settings name one; otherwise no client is made. */
@Singleton
final class KubernetesBeans {
    private final GatewayConfig.Kubernetes config;
    private final Instance<KubernetesClient> client;

    KubernetesBeans(GatewayConfig config, Instance<KubernetesClient> client) {
        this.config = config.kubernetes();
        this.client = client;
    }

    @Produces
    @Singleton
    PoolCluster cluster() {
        Optional<PoolNames> names = names();
        return names.isEmpty() ? new NoCluster() : new KubernetesPools(client.get(), names.get());
    }

    /** Empty where the costs are not to be written. */
    Optional<DeletionCosts> deletionCosts() {
        return names().filter(names -> config.deletionCost().enabled())
                .map(names -> new DeletionCosts(
                        client.get(), names, config.deletionCost().most()));
    }

    private Optional<PoolNames> names() {
        return config.namespace()
                .map(namespace -> new PoolNames(
                        namespace, required("release", config.release()), required("prefix", config.prefix())));
    }

    private static String required(String key, Optional<String> value) {
        return value.orElseThrow(() -> new IllegalArgumentException(
                "tessera.gateway.kubernetes." + key + " must be there where tessera.gateway.kubernetes.namespace is"));
    }
}
