package dev.tessera.inference.bundle;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DatabindException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * The manifest as YAML. What is read may come from anywhere: unknown, missing, repeated and null keys are refused, and
 * so is what YAML could do to a reader (aliases, deep nesting).
 */
final class ManifestYaml {
    private static final int MAX_DEPTH = 10;
    private static final ObjectMapper MAPPER = mapper();

    private ManifestYaml() {}

    /** @param source the file's name, for messages */
    static BundleManifest read(byte[] content, String source) {
        try {
            refuseAliases(content, source);
            BundleManifest manifest = MAPPER.readValue(content, BundleManifest.class);
            ManifestRules.check(manifest).ifPresent(problem -> {
                throw invalid(source, problem, null);
            });
            return manifest;
        } catch (DatabindException e) {
            throw invalid(source, explain(e), e);
        } catch (IOException e) {
            throw invalid(source, "is not YAML: " + firstLine(e), e);
        }
    }

    static byte[] write(BundleManifest manifest) throws JsonProcessingException {
        return MAPPER.writeValueAsString(manifest).getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectMapper mapper() {
        LoaderOptions limits = new LoaderOptions();
        limits.setNestingDepthLimit(MAX_DEPTH);
        limits.setCodePointLimit(ManifestFile.MAX_BYTES);
        limits.setAllowDuplicateKeys(false);
        YAMLFactory yaml = YAMLFactory.builder()
                .loaderOptions(limits)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
                .build();
        return new ObjectMapper(yaml)
                .registerModule(new Jdk8Module())
                .setAnnotationIntrospector(new Required())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    }

    /** Every key is needed but those that say what their absence means. */
    private static final class Required extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasRequiredMarker(AnnotatedMember member) {
            return !member.hasAnnotation(JsonSetter.class);
        }
    }

    /** The mapper would read an alias as the anchor's name, and so hide what was written. */
    private static void refuseAliases(byte[] content, String source) throws IOException {
        try (var parser = (com.fasterxml.jackson.dataformat.yaml.YAMLParser)
                MAPPER.getFactory().createParser(content)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    throw invalid(source, "uses a YAML alias, which a manifest must not", null);
                }
            }
        }
    }

    private static String explain(DatabindException problem) {
        String place = place(problem);
        return switch (problem) {
            case PropertyBindingException unknown ->
                "unknown key '" + place + "'; allowed here: " + join(unknown.getKnownPropertyIds());
            case MismatchedInputException mismatch
            when message(mismatch).startsWith("Missing ") ->
                "missing key '" + place + "'; needed here: " + siblings(mismatch);
            default -> "key '" + place + "': " + message(problem);
        };
    }

    private static String place(DatabindException problem) {
        if (!(problem instanceof JsonMappingException mapping)) {
            return "";
        }
        return mapping.getPath().stream()
                .map(step -> Optional.ofNullable(step.getFieldName()).orElse("[" + step.getIndex() + "]"))
                .collect(Collectors.joining("."));
    }

    /** The keys that are needed in the record whose key the problem is about. */
    private static String siblings(JsonMappingException problem) {
        RecordComponent[] components =
                problem.getPath().isEmpty() || !(problem.getPath().getLast().getFrom() instanceof Class<?> type)
                        ? null
                        : type.getRecordComponents();
        return components == null
                ? "it"
                : join(Arrays.stream(components)
                        .filter(component -> !component.getAccessor().isAnnotationPresent(JsonSetter.class))
                        .map(RecordComponent::getName)
                        .toList());
    }

    private static String join(Collection<?> keys) {
        List<String> sorted = keys.stream().map(String::valueOf).sorted().toList();
        return String.join(", ", sorted);
    }

    private static String message(DatabindException problem) {
        Throwable cause = problem.getCause();
        return cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? cause.getMessage()
                : problem.getOriginalMessage();
    }

    private static String firstLine(IOException problem) {
        return String.valueOf(problem.getMessage()).lines().findFirst().orElse("");
    }

    private static BundleException invalid(
            String source, String problem, @org.jspecify.annotations.Nullable Throwable cause) {
        String text = source + ": " + problem;
        return cause == null
                ? new BundleException(Reason.INVALID_MANIFEST, text)
                : new BundleException(Reason.INVALID_MANIFEST, text, cause);
    }
}
