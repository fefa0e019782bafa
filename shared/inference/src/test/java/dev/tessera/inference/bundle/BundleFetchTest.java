package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFetchTest extends BundleFetchFixture {
    BundleFetchTest(@TempDir Path temporary) {
        super(temporary);
    }

    @Test
    void shouldFillTheFolderWithWhatTheManifestNamesAndNothingElse() throws IOException {
        // Given
        bucket.put(PREFIX + "/notes.txt", "not of the bundle");

        // When
        ModelBundle bundle = fetch().bundle();

        // Then
        assertThat(bundle.digest()).isEqualTo(digest);
        assertThat(bundle.directory()).isEqualTo(folder);
        assertThat(ModelBundle.open(folder).digest()).isEqualTo(digest);
        assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(names(original));
        assertThat(bucket.asked).startsWith(MANIFEST).doesNotContain(PREFIX + "/notes.txt");
    }

    @Test
    void shouldFetchTheManifestAloneForWhoDoesNotRunTheModel() throws IOException {
        // When
        fetch().manifest();

        // Then
        assertThat(ManifestFile.read(folder).digest()).isEqualTo(digest);
        assertThat(names(folder)).containsExactly("bundle.yaml");
    }

    @Test
    void shouldAskForNothingWhenTheFolderIsFilled() {
        // Given
        fetch().bundle();
        bucket.asked.clear();
        bucket.objects.clear();

        // When
        fetch().bundle();

        // Then
        assertThat(bucket.asked).isEmpty();
    }

    @Test
    void shouldNotBeABundleBeforeAllFilesAreThereAndGoOnFromThere() throws IOException {
        // Given
        byte[] decoder = bucket.objects.remove(DECODER);
        assertFails(() -> fetch().bundle(), Reason.FILE_MISSING, DECODER + " does not exist");
        assertThat(names(folder)).isNotEmpty().doesNotContain("bundle.yaml", ".unfinished");
        List<String> before = names(folder);
        bucket.put(DECODER, new String(decoder, StandardCharsets.UTF_8));
        bucket.asked.clear();

        // When
        fetch().bundle();

        // Then
        assertThat(ModelBundle.open(folder).digest()).isEqualTo(digest);
        assertThat(bucket.asked)
                .contains(MANIFEST, DECODER)
                .doesNotContainAnyElementsOf(
                        before.stream().map(name -> PREFIX + "/" + name).toList());
    }

    @Test
    void shouldFetchAFileAgainThatWasAlteredInTheFolder() throws IOException {
        // Given
        fetch().bundle();
        Files.writeString(folder.resolve(BundleFiles.IMAGE_DECODER), "other weights");
        bucket.asked.clear();

        // When
        fetch().bundle();

        // Then
        assertThat(ModelBundle.open(folder).digest()).isEqualTo(digest);
        assertThat(bucket.asked).containsExactly(DECODER);
    }

    @Test
    void shouldTakeTheBundleThatIsThereWhereNoneIsPinned() {
        // When
        fetch(Optional.empty()).bundle();

        // Then
        assertThat(ModelBundle.open(folder).digest()).isEqualTo(digest);
    }

    @Test
    void shouldBeginAFileAnewWhenTheSourceWasAway() {
        // Given
        bucket.failures = 3;

        // When
        fetch().bundle();

        // Then
        assertThat(ModelBundle.open(folder).digest()).isEqualTo(digest);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void shouldEndWithTheObjectsNameWhenTheSourceStaysAway() {
        // Given
        bucket.failures = Integer.MAX_VALUE;

        // When, Then
        assertFails(
                () -> fetch().bundle(), Reason.SOURCE_AWAY, MANIFEST + " was not read, and was asked again for PT1M");
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(Duration.ofSeconds(45), Duration.ofMinutes(1));
    }
}
