package dev.tessera.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a body that is one JSON object (RFC 8259) in UTF-8, names in it used once. */
final class StrictJson {
    /** NaN is no JSON, but a reader who stops there cannot say which field it was. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private StrictJson() {}

    /** @param errors one for each name that is there twice */
    record Members(Map<String, JsonValue> values, List<FieldError> errors) {}

    /** @throws GatewayException when the body is not one JSON object */
    static Members read(byte[] body) {
        try (JsonParser parser = FACTORY.createParser(text(body))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("the body is not a JSON object");
            }
            Members members = members(parser);
            if (parser.nextToken() != null) {
                throw malformed("something follows after the JSON object");
            }
            return members;
        } catch (JsonProcessingException e) {
            throw malformed(place(e.getLocation()) + "this is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Members members(JsonParser parser) throws IOException {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        List<FieldError> errors = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (values.put(name, value(parser)) != null) {
                errors.add(FieldError.of(name, "is there more than once; give it once"));
            }
        }
        return new Members(values, errors);
    }

    private static JsonValue value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new JsonValue.Text(parser.getText());
            case VALUE_NUMBER_INT -> new JsonValue.Whole(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> new JsonValue.Decimal(parser.getDoubleValue());
            case VALUE_TRUE -> new JsonValue.Truth(true);
            case VALUE_FALSE -> new JsonValue.Truth(false);
            case VALUE_NULL -> new JsonValue.Other("null");
            case START_ARRAY -> skipped(parser, "an array");
            case START_OBJECT -> skipped(parser, "an object");
            default -> throw malformed("a value is missing");
        };
    }

    private static JsonValue skipped(JsonParser parser, String name) throws IOException {
        parser.skipChildren();
        return new JsonValue.Other(name);
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("the body is not UTF-8");
        }
    }

    /** Nesting and numbers beyond the reader's limits have no place. */
    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
    }

    private static GatewayException malformed(String detail) {
        return new GatewayException(GatewayException.Reason.MALFORMED_JSON, detail, List.of(FieldError.ofBody(detail)));
    }
}
