package dev.tessera.gateway;

import dev.tessera.pipeline.Claims;
import java.util.List;
import java.util.regex.Pattern;

/** Whose jobs a request is about. */
public record Tenant(String name) {
    static final String HEADER = "Tessera-Tenant";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    static final Tenant DEFAULT = new Tenant("default");

    public Tenant {
        if (!NAME.matcher(name).matches()) {
            throw new GatewayException(
                    GatewayException.Reason.INVALID_TENANT,
                    "the header " + HEADER + " takes 1 to 63 of a to z, 0 to 9 and dashes, with no dash first");
        }
        if (name.equals(Claims.FOLDER)) {
            throw new GatewayException(
                    GatewayException.Reason.INVALID_TENANT,
                    "the name " + name + " in the header " + HEADER + " is taken by the service itself");
        }
    }

    /** Whether a tenant may be named like that. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.equals(Claims.FOLDER);
    }

    /** @param header the values of the header, none for the default tenant */
    static Tenant of(List<String> header) {
        if (header.size() > 1) {
            throw new GatewayException(
                    GatewayException.Reason.INVALID_TENANT, "the header " + HEADER + " is there more than once");
        }
        return header.isEmpty() ? DEFAULT : new Tenant(header.getFirst());
    }
}
