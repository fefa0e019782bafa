package dev.tessera.gateway.keda;

import dev.tessera.gateway.GatewayException;
import dev.tessera.gateway.PoolReading;
import dev.tessera.gateway.PoolSignal;
import dev.tessera.gateway.keda.proto.ExternalScaler;
import dev.tessera.gateway.keda.proto.GetMetricSpecResponse;
import dev.tessera.gateway.keda.proto.GetMetricsRequest;
import dev.tessera.gateway.keda.proto.GetMetricsResponse;
import dev.tessera.gateway.keda.proto.IsActiveResponse;
import dev.tessera.gateway.keda.proto.MetricSpec;
import dev.tessera.gateway.keda.proto.MetricValue;
import dev.tessera.gateway.keda.proto.ScaledObjectRef;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import java.util.function.Function;

/**
 * KEDA's external scaler (trigger types {@code external} and {@code external-push}): the trigger's metadata names the
 * pool, the metric is the seconds of engine time that the pool's work will take, queued and in flight, and its target is how
 * many of them one replica should have.
 */
@GrpcService
public final class KedaScaler implements ExternalScaler {
    static final String POOL = "pool";
    static final String METRIC = "gpu-seconds";

    private final PoolSignal pools;

    KedaScaler(PoolSignal pools) {
        this.pools = pools;
    }

    @Override
    public Uni<IsActiveResponse> isActive(ScaledObjectRef request) {
        return answer(request, reading -> active(reading.active()));
    }

    /** Never completes by itself. Whoever comes before the past is known waits for it, then hears the present first. */
    @Override
    public Multi<IsActiveResponse> streamIsActive(ScaledObjectRef request) {
        return Uni.createFrom()
                .completionStage(pools::ready)
                .onItem()
                .transformToMulti(ready -> changes(request))
                .onFailure(GatewayException.class)
                .transform(KedaScaler::status);
    }

    @Override
    public Uni<GetMetricSpecResponse> getMetricSpec(ScaledObjectRef request) {
        return answer(request, reading -> {
            double target = reading.pool().targetSeconds();
            return GetMetricSpecResponse.newBuilder()
                    .addMetricSpecs(MetricSpec.newBuilder()
                            .setMetricName(METRIC)
                            .setTargetSize((long) Math.ceil(target))
                            .setTargetSizeFloat(target))
                    .build();
        });
    }

    @Override
    public Uni<GetMetricsResponse> getMetrics(GetMetricsRequest request) {
        return answer(request.getScaledObjectRef(), reading -> {
            if (!request.getMetricName().equals(METRIC)) {
                throw Status.INVALID_ARGUMENT
                        .withDescription("there is no metric " + request.getMetricName() + "; there is " + METRIC)
                        .asRuntimeException();
            }
            return GetMetricsResponse.newBuilder()
                    .addMetricValues(MetricValue.newBuilder()
                            .setMetricName(METRIC)
                            .setMetricValue((long) Math.ceil(reading.seconds()))
                            .setMetricValueFloat(reading.seconds()))
                    .build();
        });
    }

    private Multi<IsActiveResponse> changes(ScaledObjectRef request) {
        return Multi.createFrom()
                .<Boolean>emitter(
                        emitter -> emitter.onTermination(pools.listen(pool(request), emitter::emit)),
                        BackPressureStrategy.LATEST)
                .onItem()
                .transform(KedaScaler::active);
    }

    private <T> Uni<T> answer(ScaledObjectRef request, Function<PoolReading, T> answer) {
        return Uni.createFrom()
                .item(() -> answer.apply(pools.read(pool(request))))
                .onFailure(GatewayException.class)
                .transform(KedaScaler::status);
    }

    private String pool(ScaledObjectRef request) {
        String name = request.getScalerMetadataMap().getOrDefault(POOL, "");
        if (!pools.names().contains(name)) {
            String what = name.isEmpty() ? "the trigger's metadata has no pool" : "there is no pool " + name;
            throw Status.INVALID_ARGUMENT
                    .withDescription(what + "; there are " + pools.names())
                    .asRuntimeException();
        }
        return name;
    }

    private static IsActiveResponse active(boolean active) {
        return IsActiveResponse.newBuilder().setResult(active).build();
    }

    /** What is left once the pool is known: the log is still being read. */
    private static StatusRuntimeException status(Throwable failure) {
        return Status.UNAVAILABLE.withDescription(failure.getMessage()).asRuntimeException();
    }
}
