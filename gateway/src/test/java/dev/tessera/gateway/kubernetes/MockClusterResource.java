package dev.tessera.gateway.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.MockWebServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/** The API of a cluster that has the pools {@code mosaics}, which KEDA scales, and {@code pictures}, of two replicas. */
public final class MockClusterResource implements QuarkusTestResourceLifecycleManager {
    private static final String MASTER = "kubernetes.master";

    private final KubernetesMockServer server = new KubernetesMockServer(
            new io.fabric8.mockwebserver.Context(),
            new MockWebServer(),
            new HashMap<>(),
            new KubernetesCrudDispatcher(),
            false);

    @Override
    public Map<String, String> start() {
        server.init();
        try (KubernetesClient client = server.createClient()) {
            TestCluster cluster = new TestCluster(client);
            cluster.deployment("mosaics", 2);
            cluster.scaler("mosaics", 0, 8, Map.of());
            cluster.pod("mosaics", "mosaics-1", TestCluster.Phase.READY);
            cluster.pod("mosaics", "mosaics-2", TestCluster.Phase.UNSCHEDULABLE);
            cluster.deployment("pictures", 2);
        }
        // Where the client looks for the API; Quarkus's own setting is fixed when the service is built.
        System.setProperty(MASTER, server.url("/"));
        return Map.of(
                "tessera.gateway.kubernetes.namespace",
                TestCluster.NAMES.namespace(),
                "tessera.gateway.kubernetes.release",
                TestCluster.NAMES.release(),
                "tessera.gateway.kubernetes.prefix",
                TestCluster.NAMES.prefix(),
                "tessera.gateway.kubernetes.deletion-cost.enabled",
                "true",
                "tessera.gateway.kubernetes.deletion-cost.interval",
                "1s");
    }

    @Override
    public void stop() {
        System.clearProperty(MASTER);
        server.destroy();
    }
}
