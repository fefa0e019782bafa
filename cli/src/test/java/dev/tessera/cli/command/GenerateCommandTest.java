package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest extends GenerateFixture {
    GenerateCommandTest(@TempDir Path directory) throws IOException {
        super(directory);
    }

    @Test
    void shouldLeaveAPictureNamedAfterPromptAndSeed() {
        // Given
        prepare("succeeded", stored(0));

        // When
        CommandRun run = generate();

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualToIgnoringNewLines("a-slice-of-pizza-7.png");
        assertThat(run.err())
                .contains("job j1")
                .contains("succeeded: 256/256 tokens")
                .contains(gateway.url().toString());
        assertThat(directory.resolve("a-slice-of-pizza-7.png")).hasBinaryContent(new byte[] {0});
    }

    @Test
    void shouldSendEveryOption() {
        // Given
        prepare("succeeded", stored(0));

        // When
        generate(
                "--model",
                "m",
                "--n",
                "2",
                "--seed",
                "7",
                "--size",
                "64x64",
                "--negative-prompt",
                "blur",
                "--cfg",
                "2.5",
                "--temperature",
                "0.5",
                "--top-k",
                "9",
                "--top-p",
                "0.75",
                "--more-smooth",
                "--class",
                "3");

        // Then
        assertThat(gateway.bodies().getFirst())
                .isEqualTo(
                        "{\"model\":\"m\",\"prompt\":\"A Slice, of pizza!\",\"class\":3,\"negative_prompt\":\"blur\","
                                + "\"n\":2,\"size\":\"64x64\",\"seed\":7,\"guidance_scale\":2.5,\"temperature\":0.5,\"top_k\":9,"
                                + "\"top_p\":0.75,\"more_smooth\":true}");
    }

    @Test
    void shouldNumberSeveralPictures() {
        // Given
        prepare("succeeded", stored(0), stored(1));

        // When
        CommandRun run = generate("--n", "2", "--out", "new folder/cat.png");

        // Then
        assertThat(run.out().lines()).containsExactly("new folder/cat-0.png", "new folder/cat-1.png");
        assertThat(directory.resolve("new folder/cat-1.png")).hasBinaryContent(new byte[] {1});
    }

    @Test
    void shouldWriteIntoADirectory() {
        // Given
        prepare("succeeded", stored(0));

        // When
        CommandRun run = generate("--out", "pictures/");

        // Then
        assertThat(run.out()).isEqualToIgnoringNewLines("pictures/a-slice-of-pizza-7.png");
    }

    @Test
    void shouldPrintJobAndFilesAsJson() throws IOException {
        // Given
        prepare("succeeded", stored(0));

        // When
        CommandRun run = generate("--json");

        // Then
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.path("job").path("id").asText()).isEqualTo("j1");
        assertThat(Path.of(json.path("files").path(0).asText())).isRegularFile().isAbsolute();
    }

    @Test
    void shouldKeepWhatAFailedJobHasMade() {
        // Given
        prepare("failed", stored(0), "{\"index\":1,\"status\":\"generating\"}");

        // When
        CommandRun run = generate("--n", "2");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("job j1 failed");
        assertThat(run.out()).isEqualToIgnoringNewLines("a-slice-of-pizza-7-0.png");
    }

    @Test
    void shouldNameTheOptionThatTheGatewayRefuses() {
        // Given
        gateway.json(
                "POST /v1/jobs",
                400,
                "{\"detail\":\"bad\",\"errors\":[{\"pointer\":\"/guidance_scale\",\"detail\":\"is 0; give 1 to 100\"},"
                        + "{\"pointer\":\"/n\",\"detail\":\"is 99\"}]}");

        // When
        CommandRun run = generate("--cfg", "0", "--n", "99");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly("tessera: --guidance-scale is 0; give 1 to 100", "tessera: --n is 99");
    }

    @Test
    void shouldRefuseAGatewayThatIsNoUrl() {
        // When
        CommandRun run = CommandRun.in(directory, "generate", "a cat", "--gateway", "localhost:80");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("http://host:port");
    }
}
