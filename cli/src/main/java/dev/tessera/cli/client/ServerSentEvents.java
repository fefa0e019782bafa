package dev.tessera.cli.client;

import java.util.Optional;

/** Puts the lines of a {@code text/event-stream} (WHATWG HTML, section 9.2) together to events. Not thread-safe. */
final class ServerSentEvents {
    /** @param name {@code message} where the stream names none */
    record Event(String name, String data) {}

    private String name = "";
    private final StringBuilder data = new StringBuilder();
    private boolean hasData;

    /** Takes the next line; the event it completes, if it completes one. */
    Optional<Event> accept(String line) {
        if (line.isEmpty()) {
            return complete();
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        take(field, value.startsWith(" ") ? value.substring(1) : value);
        return Optional.empty();
    }

    private void take(String field, String value) {
        switch (field) {
            case "event" -> name = value;
            case "data" -> {
                if (hasData) {
                    data.append('\n');
                }
                data.append(value);
                hasData = true;
            }
            default -> {
                // Comments, ids and retry times are of no use here.
            }
        }
    }

    private Optional<Event> complete() {
        Optional<Event> event =
                hasData ? Optional.of(new Event(name.isEmpty() ? "message" : name, data.toString())) : Optional.empty();
        name = "";
        data.setLength(0);
        hasData = false;
        return event;
    }
}
