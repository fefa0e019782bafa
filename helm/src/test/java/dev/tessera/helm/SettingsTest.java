package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart sets, the service must have: a misspelt setting would do nothing, or keep the service from starting. */
class SettingsTest {
    @ParameterizedTest
    @MethodSource("dev.tessera.helm.Chart#examples")
    void shouldSetNothingThatTheServiceDoesNotHave(String example) {
        // Given
        Rendering rendering = Chart.render(example);

        // When, then
        assertThat(rendering.all("Deployment")).isNotEmpty().allSatisfy(deployment -> {
            String component = deployment
                    .at("/metadata/labels/app.kubernetes.io~1component")
                    .asText();
            String name = deployment.at("/metadata/name").asText().replaceFirst("^tessera-", "");
            assertThat(tesseraSettings(rendering, name))
                    .contains("tessera.models.directories")
                    .isSubsetOf(ServiceSettings.of(component));
        });
    }

    @Test
    void shouldPassTheCredentialsByTheNamesOfTheirSettings() {
        // Given
        Pattern notLetters = Pattern.compile("[^a-z]");
        Set<String> variables = ServiceSettings.of("gateway").stream()
                .map(setting -> notLetters.matcher(setting).replaceAll("_").toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());

        // When
        Set<String> credentials = Chart.render("local").environment("gateway").keySet().stream()
                .filter(variable -> variable.startsWith("TESSERA_OBJECT_STORE_"))
                .collect(Collectors.toSet());

        // Then
        assertThat(credentials).hasSize(2).isSubsetOf(variables);
    }

    private static Set<String> tesseraSettings(Rendering rendering, String name) {
        return rendering.settings(name).keySet().stream()
                .filter(setting -> setting.startsWith("tessera."))
                .map(setting ->
                        setting.replaceFirst("^(tessera\\.gateway\\.pools|tessera\\.models\\.bucket)\\.[^.]+", "$1.*"))
                .collect(Collectors.toSet());
    }
}
