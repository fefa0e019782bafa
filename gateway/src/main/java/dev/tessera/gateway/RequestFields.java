package dev.tessera.gateway;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one request, read one by one; what is wrong with them adds up. For one thread. */
final class RequestFields {
    private final Map<String, JsonValue> values;
    private final List<FieldError> errors;

    RequestFields(StrictJson.Members members) {
        values = members.values();
        errors = new ArrayList<>(members.errors());
    }

    /** @param usable those of the known fields that the message lists */
    void refuseUnknown(Set<String> known, Set<String> usable) {
        values.keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> error(name, "is not a field of a job; leave it out. Fields are " + usable));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        if (values.get(name) instanceof JsonValue.Text(String value)) {
            return Optional.of(value);
        }
        wrongType(name, "text");
        return Optional.empty();
    }

    /** False where it is not there. */
    boolean truth(String name) {
        if (values.get(name) instanceof JsonValue.Truth(boolean value)) {
            return value;
        }
        wrongType(name, "true or false");
        return false;
    }

    OptionalLong integer(String name, long least, long most) {
        String wanted = "an integer from " + least + " to " + most;
        if (!(values.get(name) instanceof JsonValue.Whole(BigInteger value))) {
            wrongType(name, wanted);
            return OptionalLong.empty();
        }
        if (value.compareTo(BigInteger.valueOf(least)) < 0 || value.compareTo(BigInteger.valueOf(most)) > 0) {
            wrongType(name, wanted);
            return OptionalLong.empty();
        }
        return OptionalLong.of(value.longValueExact());
    }

    /** A number as single precision has it, since that is what a job carries: rounding must not leave the range. */
    OptionalDouble number(String name, Range range) {
        OptionalDouble number = number(values.get(name));
        if (number.isEmpty() || !range.holds((float) number.getAsDouble())) {
            wrongType(name, range.described());
            return OptionalDouble.empty();
        }
        return number;
    }

    void error(String name, String detail) {
        errors.add(FieldError.of(name, detail));
    }

    /** @throws GatewayException when anything was wrong */
    void refuseErrors() {
        if (errors.isEmpty()) {
            return;
        }
        List<String> fields = errors.stream().map(FieldError::field).distinct().toList();
        String detail = fields.size() == 1
                ? fields.getFirst() + " cannot be used"
                : fields.size() + " fields cannot be used: " + String.join(", ", fields);
        throw new GatewayException(GatewayException.Reason.INVALID_REQUEST, detail, errors);
    }

    private static OptionalDouble number(@Nullable JsonValue value) {
        return switch (value) {
            case JsonValue.Whole(BigInteger whole) -> OptionalDouble.of(whole.doubleValue());
            case JsonValue.Decimal(double decimal) -> OptionalDouble.of(decimal);
            case null, default -> OptionalDouble.empty();
        };
    }

    private void wrongType(String name, String wanted) {
        JsonValue value = values.get(name);
        if (value != null) {
            error(name, "is " + value.described() + "; give " + wanted);
        }
    }

    /** Numbers between two bounds; NaN is in no range. */
    record Range(double least, boolean leastIncluded, double most) {
        static Range from(double least, double most) {
            return new Range(least, true, most);
        }

        static Range above(double least, double most) {
            return new Range(least, false, most);
        }

        boolean holds(double number) {
            return (leastIncluded ? number >= least : number > least) && number <= most;
        }

        String described() {
            return "a number " + (leastIncluded ? "from " : "above ") + plain(least) + " up to " + plain(most);
        }

        private static String plain(double bound) {
            return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
        }
    }
}
