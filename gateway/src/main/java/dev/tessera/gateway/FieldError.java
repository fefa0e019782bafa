package dev.tessera.gateway;

/**
 * What is wrong with one field of a request, and what would be right.
 *
 * @param pointer a JSON pointer (RFC 6901) into the body; empty for the whole body
 */
public record FieldError(String pointer, String detail) {
    static FieldError of(String field, String detail) {
        return new FieldError("/" + field.replace("~", "~0").replace("/", "~1"), detail);
    }

    static FieldError ofBody(String detail) {
        return new FieldError("", detail);
    }

    /** The field's name, for people. */
    String field() {
        return pointer.isEmpty()
                ? "the body"
                : pointer.substring(1).replace("~1", "/").replace("~0", "~");
    }
}
