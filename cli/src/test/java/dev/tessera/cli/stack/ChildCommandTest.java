package dev.tessera.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChildCommandTest {
    private static ChildCommand command(String... arguments) {
        return new ChildCommand(
                StackService.GATEWAY,
                List.of("java", "@file"),
                Path.of("file"),
                List.of(arguments),
                Map.of("KEY", "secret"),
                Optional.empty());
    }

    @Test
    void shouldQuoteArgumentsAsTheJavaCommandReadsThem() {
        // When
        String text = command("-Da=b c", "-Dd=\"e\"", "-Df=g\\,h").argumentText();

        // Then
        assertThat(text).isEqualTo("\"-Da=b c\"\n\"-Dd=\\\"e\\\"\"\n\"-Df=g\\\\,h\"\n");
    }

    @Test
    void shouldNotShowTheEnvironment() {
        // When / Then
        assertThat(command("-version")).hasToString("java @file");
    }
}
