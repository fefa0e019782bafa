package dev.tessera.gateway;

import java.math.BigInteger;

/** A member of a request's object, as far as requests have any use for it. */
sealed interface JsonValue {
    record Text(String value) implements JsonValue {}

    /** A number written without a fraction and without an exponent. */
    record Whole(BigInteger value) implements JsonValue {}

    /** Any other number; NaN and the infinities too, so that who reads them can name the field. */
    record Decimal(double value) implements JsonValue {}

    record Truth(boolean value) implements JsonValue {}

    /** @param name what it is, for people */
    record Other(String name) implements JsonValue {}

    /** For people; text is not shown. */
    default String described() {
        return switch (this) {
            case Text text -> "text";
            case Whole whole -> shortened(whole.value().toString());
            case Decimal decimal -> Double.toString(decimal.value());
            case Truth truth -> Boolean.toString(truth.value());
            case Other other -> other.name();
        };
    }

    private static String shortened(String digits) {
        return digits.length() <= 24 ? digits : digits.substring(0, 24) + "…";
    }
}
