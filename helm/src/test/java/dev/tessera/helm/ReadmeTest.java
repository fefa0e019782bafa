package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the chart's README says of its values is what the values say of themselves. */
class ReadmeTest {
    private static final Path README = Chart.FOLDER.resolve("README.md");
    private static final String BEGIN = "<!-- values: made of values.yaml -->\n";
    private static final String END = "\n<!-- end of values -->";

    /** With this property the README is written anew instead of being compared. */
    private static final boolean REWRITE = Boolean.getBoolean("tessera.rewrite");

    @Test
    void shouldListEveryValueWithItsDefaultAndItsComment() throws IOException {
        // Given
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(end).isGreaterThan(begin);
        // When
        String table = ValuesTable.ofTheChart();
        // Then
        if (REWRITE) {
            Files.writeString(README, readme.substring(0, begin) + table + readme.substring(end));
        } else {
            assertThat(readme.substring(begin, end))
                    .as("to write it anew: mvn -pl helm test -Dtest=ReadmeTest -Dtessera.rewrite=true")
                    .isEqualTo(table);
        }
    }
}
