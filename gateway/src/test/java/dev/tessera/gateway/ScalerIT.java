package dev.tessera.gateway;

import static dev.tessera.testkit.Eventually.eventually;
import static dev.tessera.testkit.Eventually.until;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.gateway.keda.proto.ExternalScalerGrpc;
import dev.tessera.gateway.keda.proto.GetMetricsRequest;
import dev.tessera.gateway.keda.proto.IsActiveResponse;
import dev.tessera.gateway.keda.proto.MetricSpec;
import dev.tessera.gateway.keda.proto.MetricValue;
import dev.tessera.gateway.keda.proto.ScaledObjectRef;
import dev.tessera.testkit.TesseraTestResource;
import dev.tessera.v1.Job;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Speaks to the gateway as KEDA does. */
@QuarkusTest
@TestProfile(PooledGateway.class)
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class ScalerIT {
    private static final String METRIC = "gpu-seconds";
    private static final String KNOWN = "{\"model\":\"tiny-class\",\"class\":3,\"guidance_scale\":%s}";

    @Inject
    FakeStages stages;

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    private ManagedChannel channel;
    private ExternalScalerGrpc.ExternalScalerBlockingStub keda;

    @BeforeEach
    void connect() {
        eventually(() -> given().get("/q/health/ready").then().statusCode(200));
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        keda = ExternalScalerGrpc.newBlockingStub(channel);
        until("the pool to be idle", () -> !keda.isActive(pool("mosaics")).getResult());
    }

    @AfterEach
    void cancelEverything() {
        channel.shutdownNow();
        given().get("/v1/jobs?limit=100")
                .jsonPath()
                .getList("data.id", String.class)
                .forEach(id -> given().delete("/v1/jobs/" + id));
    }

    @Test
    void shouldPushTheFirstWorkAndTheEndOfTheLast() {
        // Given
        List<Boolean> pushed = new CopyOnWriteArrayList<>();
        ExternalScalerGrpc.newStub(channel).streamIsActive(pool("mosaics"), new Collector(pushed));
        eventually(() -> assertThat(pushed).containsExactly(false));

        // When
        Job job = submit("{\"prompt\":\"a cat\"}");

        // Then
        eventually(() -> assertThat(pushed).containsExactly(false, true));
        assertThat(keda.isActive(pool("mosaics")).getResult()).isTrue();
        assertThat(keda.isActive(pool("pictures")).getResult()).isTrue();
        stages.make(job, 0);
        eventually(() -> assertThat(pushed).containsExactly(false, true, false));
    }

    @Test
    void shouldTellAPoolsTarget() {
        // When
        List<MetricSpec> specs = keda.getMetricSpec(pool("mosaics")).getMetricSpecsList();

        // Then
        assertThat(specs)
                .containsExactly(MetricSpec.newBuilder()
                        .setMetricName(METRIC)
                        .setTargetSize(7)
                        .setTargetSizeFloat(7)
                        .build());
    }

    @Test
    void shouldMeasureWhatIsLeftUntilNothingIs() {
        // Given
        Job job = submit("{\"prompt\":\"a cat\",\"n\":4}");
        until("the work", () -> metric("mosaics").getMetricValueFloat() > 0);
        double before = metric("mosaics").getMetricValueFloat();

        // When
        stages.generate(job, 0, FakeStages.TOKENS / 2);

        // Then
        eventually(() -> assertThat(metric("mosaics").getMetricValueFloat()).isCloseTo(before * 7 / 8, within(0.01)));
        assertThat(metric("mosaics").getMetricValueFloat())
                .isCloseTo(given().get("/v1/pools/mosaics").jsonPath().getDouble("gpu_seconds.total"), within(0.01));
        stages.generate(job, 0, Duration.ofSeconds(10));
        eventually(() -> assertThat(metric("mosaics").getMetricValueFloat()).isGreaterThan(before));
        for (int image = 0; image < 4; image++) {
            stages.make(job, image);
        }
        eventually(() -> assertThat(metric("mosaics"))
                .isEqualTo(MetricValue.newBuilder().setMetricName(METRIC).build()));
    }

    @Test
    void shouldFollowAHundredJobsOfKnownCostUntilNothingIsLeft() {
        // Given: what an image costs, which one has shown, with guidance and without
        Duration guided = Duration.ofSeconds(4);
        Duration plain = Duration.ofSeconds(2);
        complete(submit(KNOWN.formatted("2.0")), guided);
        until("the first image", () -> !keda.isActive(pool("classes")).getResult());
        List<Job> jobs = IntStream.range(0, 100)
                .mapToObj(i -> submit(KNOWN.formatted(i % 2 == 0 ? "2.0" : "1.0")))
                .toList();
        double left = 50 * 4 + 50 * 2;
        assertLeft(left);

        // When: they are made, and told of halfway
        for (int i = 0; i < jobs.size(); i++) {
            Duration cost = i % 2 == 0 ? guided : plain;
            stages.generate(jobs.get(i), 0, FakeStages.TOKENS / 2);
            assertLeft(left - cost.toSeconds() / 2.0);
            complete(jobs.get(i), cost);
            left -= cost.toSeconds();

            // Then
            assertLeft(left);
        }
    }

    private void complete(Job job, Duration engineTime) {
        stages.generate(job, 0, engineTime);
        stages.decode(job, 0);
    }

    /** A tenth is what the number may be wrong by; after each event, not only every second. */
    private void assertLeft(double seconds) {
        eventually(() -> assertThat((double) metric("classes").getMetricValueFloat())
                .isCloseTo(seconds, within(0.1 * seconds + 1e-6)));
    }

    @Test
    void shouldSayWhichPoolsThereAreWhenTheTriggerNamesNone() {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> keda.isActive(ScaledObjectRef.getDefaultInstance()))
                .withMessageContaining("the trigger's metadata has no pool; there are [classes, mosaics, pictures]")
                .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> keda.getMetricSpec(pool("none")))
                .withMessageContaining("there is no pool none; there are [classes, mosaics, pictures]");
    }

    @Test
    void shouldSayWhichMetricThereIsWhenAnotherIsAsked() {
        // Given
        GetMetricsRequest request = GetMetricsRequest.newBuilder()
                .setScaledObjectRef(pool("mosaics"))
                .setMetricName("lag")
                .build();

        // When, Then
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> keda.getMetrics(request))
                .withMessageContaining("there is no metric lag; there is gpu-seconds");
    }

    private record Collector(List<Boolean> pushed) implements StreamObserver<IsActiveResponse> {
        @Override
        public void onNext(IsActiveResponse response) {
            pushed.add(response.getResult());
        }

        @Override
        public void onError(Throwable failure) {
            // The channel was shut down.
        }

        @Override
        public void onCompleted() {
            // The gateway was.
        }
    }

    private MetricValue metric(String pool) {
        GetMetricsRequest request = GetMetricsRequest.newBuilder()
                .setScaledObjectRef(pool(pool))
                .setMetricName(METRIC)
                .build();
        return keda.getMetrics(request).getMetricValues(0);
    }

    private static ScaledObjectRef pool(String name) {
        return ScaledObjectRef.newBuilder()
                .setName("tessera-" + name)
                .setNamespace("images")
                .putScalerMetadata("scalerAddress", "tessera-gateway.images.svc:9091")
                .putScalerMetadata("pool", name)
                .build();
    }

    private static Job submit(String body) {
        String id = given().contentType("application/json")
                .body(body)
                .post("/v1/jobs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        return FakeStages.job("default", id);
    }
}
