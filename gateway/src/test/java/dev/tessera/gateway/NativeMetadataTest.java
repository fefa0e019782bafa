package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.bundle.BundleManifest;
import io.minio.messages.CompleteMultipartUpload;
import io.minio.messages.CompleteMultipartUploadResult;
import io.minio.messages.CreateBucketConfiguration;
import io.minio.messages.ErrorResponse;
import io.minio.messages.InitiateMultipartUploadResult;
import io.minio.messages.ListBucketResultV2;
import io.minio.messages.LocationConstraint;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.simpleframework.xml.convert.Convert;

/**
 * What the shared modules tell a native executable of their libraries. A class that is missing there is missed only
 * when the executable comes to it, so the lists are held against the libraries here, where a virtual machine runs.
 */
class NativeMetadataTest {
    @ParameterizedTest
    @ValueSource(strings = {"object-store", "inference"})
    void shouldNameOnlyClassesThatAreThere(String module) throws IOException {
        // Given
        Set<String> names = registered(module);

        // When
        assertThat(names).isNotEmpty().allSatisfy(name -> assertThatNoException()
                .isThrownBy(() -> Class.forName(name, false, getClass().getClassLoader())));
    }

    @Test
    void shouldKnowEveryMessageThatTheBucketReadsOrWrites() throws IOException {
        // Given
        Set<String> names = registered("object-store");

        // When
        var messages = new Reached("io.minio.");
        Stream.of(
                        ErrorResponse.class,
                        CreateBucketConfiguration.class,
                        LocationConstraint.class,
                        ListBucketResultV2.class,
                        InitiateMultipartUploadResult.class,
                        CompleteMultipartUpload.class,
                        CompleteMultipartUploadResult.class)
                .forEach(messages::add);

        // Then
        assertThat(messages.names()).hasSizeGreaterThan(20).isSubsetOf(names);
    }

    @Test
    void shouldKnowEveryPartOfAManifest() throws IOException {
        // Given
        Set<String> names = registered("inference");

        // When
        var parts = new Reached("dev.tessera.");
        parts.add(BundleManifest.class);

        // Then
        assertThat(parts.names()).hasSizeGreaterThan(20).isSubsetOf(names);
    }

    private static Set<String> registered(String module) throws IOException {
        String file = "META-INF/native-image/dev.tessera/" + module + "/reachability-metadata.json";
        try (InputStream in =
                Objects.requireNonNull(NativeMetadataTest.class.getClassLoader().getResourceAsStream(file), file)) {
            var names = new TreeSet<String>();
            for (JsonNode entry : new ObjectMapper().readTree(in).get("reflection")) {
                names.add(entry.get("type").asText());
            }
            return names;
        }
    }

    /** The classes of a library that one who walks over fields, type arguments, bases and converters comes to. */
    private record Reached(String packages, Set<String> names) {
        Reached(String packages) {
            this(packages, new TreeSet<>());
        }

        void add(Type type) {
            switch (type) {
                case Class<?> one -> addClass(one);
                case ParameterizedType generic -> {
                    add(generic.getRawType());
                    Arrays.stream(generic.getActualTypeArguments()).forEach(this::add);
                }
                case WildcardType any -> Arrays.stream(any.getUpperBounds()).forEach(this::add);
                default -> {}
            }
        }

        private void addClass(Class<?> type) {
            if (!type.getName().startsWith(packages) || !names.add(type.getName())) {
                return;
            }
            Stream.ofNullable(type.getGenericSuperclass()).forEach(this::add);
            Stream.ofNullable(type.getPermittedSubclasses())
                    .flatMap(Arrays::stream)
                    .forEach(this::add);
            Stream.ofNullable(type.getAnnotation(Convert.class))
                    .map(Convert::value)
                    .forEach(this::add);
            Arrays.stream(type.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers()))
                    .map(Field::getGenericType)
                    .forEach(this::add);
        }
    }
}
