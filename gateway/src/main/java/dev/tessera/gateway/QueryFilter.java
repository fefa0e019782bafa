package dev.tessera.gateway;

import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses query parameters that would have no effect: a misspelt one is a mistake, not a wish. */
final class QueryFilter {
    @ServerRequestFilter
    void refuseUnknown(ContainerRequestContext request, ResourceInfo resource) {
        Set<String> given = request.getUriInfo().getQueryParameters().keySet();
        if (given.isEmpty()) {
            return;
        }
        Set<String> known = known(resource.getResourceMethod());
        Optional<String> unknown =
                given.stream().filter(name -> !known.contains(name)).findFirst();
        if (unknown.isPresent() || repeatedOrEmpty(request)) {
            String wanted = known.isEmpty() ? "none" : String.join(", ", known) + ", once, with a value";
            throw new GatewayException(
                    GatewayException.Reason.INVALID_QUERY, "the query parameters here are: " + wanted);
        }
    }

    private static boolean repeatedOrEmpty(ContainerRequestContext request) {
        return request.getUriInfo().getQueryParameters().values().stream()
                .anyMatch(values -> values.size() > 1 || values.contains(""));
    }

    private static Set<String> known(Method method) {
        return Arrays.stream(method.getParameters())
                .flatMap(parameter -> Stream.ofNullable(parameter.getAnnotation(QueryParam.class)))
                .map(QueryParam::value)
                .collect(Collectors.toUnmodifiableSet());
    }
}
