package dev.tessera.gateway.keda;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.tessera.gateway.keda.proto.Externalscaler;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names and numbers as KEDA publishes them: with others, KEDA would read zeros and not complain. */
class KedaProtocolTest {
    @Test
    void shouldServeWhatKedaCalls() {
        // When
        ServiceDescriptor service = Externalscaler.getDescriptor().findServiceByName("ExternalScaler");

        // Then
        assertThat(service.getFullName()).isEqualTo("externalscaler.ExternalScaler");
        assertThat(service.getMethods())
                .extracting(MethodDescriptor::getName)
                .containsExactly("IsActive", "StreamIsActive", "GetMetricSpec", "GetMetrics");
        assertThat(service.findMethodByName("StreamIsActive").isServerStreaming())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ScaledObjectRef, name 1 STRING, namespace 2 STRING, scalerMetadata 3 MESSAGE",
        "IsActiveResponse, result 1 BOOL,,",
        "GetMetricSpecResponse, metricSpecs 1 MESSAGE,,",
        "MetricSpec, metricName 1 STRING, targetSize 2 INT64, targetSizeFloat 3 DOUBLE",
        "GetMetricsRequest, scaledObjectRef 1 MESSAGE, metricName 2 STRING,",
        "GetMetricsResponse, metricValues 1 MESSAGE,,",
        "MetricValue, metricName 1 STRING, metricValue 2 INT64, metricValueFloat 3 DOUBLE",
    })
    void shouldNumberFieldsAsKedaDoes(String message, String first, String second, String third) {
        // When
        Descriptor descriptor = Externalscaler.getDescriptor().findMessageTypeByName(message);

        // Then
        List<String> expected =
                Stream.of(first, second, third).filter(Objects::nonNull).toList();
        assertThat(descriptor.getFields()).extracting(KedaProtocolTest::text).isEqualTo(expected);
    }

    private static String text(FieldDescriptor field) {
        return field.getName() + " " + field.getNumber() + " " + field.getType();
    }
}
