package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not fetched, and how that is said. */
class BundleFetchRefusalsTest extends BundleFetchFixture {
    BundleFetchRefusalsTest(@TempDir Path temporary) {
        super(temporary);
    }

    @Test
    void shouldRefuseAFolderWithAFileThatIsNotOfTheBundle() throws IOException {
        // Given
        fetch().bundle();
        Files.writeString(folder.resolve("notes.txt"), "not of the bundle");

        // When, Then
        assertFails(() -> fetch().bundle(), Reason.FILE_UNKNOWN, "notes.txt is not in bundle.yaml");
    }

    @Test
    void shouldRefuseAFileThatIsNotTheManifests() throws IOException {
        // Given
        bucket.put(DECODER, "other weights");

        // When, Then
        assertFails(() -> fetch().bundle(), Reason.FILE_ALTERED, DECODER + " is not the file of this bundle");
        assertThat(names(folder)).doesNotContain(BundleFiles.IMAGE_DECODER, "bundle.yaml", ".unfinished");
    }

    @Test
    void shouldRefuseAnotherBundleThanTheSettingsWant() {
        // Given
        bucket.put(MANIFEST, "another manifest");

        // When, Then
        assertFails(() -> fetch().bundle(), Reason.FILE_ALTERED, MANIFEST + " is another bundle");
        assertThat(folder).doesNotExist();
    }

    @Test
    void shouldKeepTheBundleOfAFolderAndSayWhereItIsNotTheWantedOne() throws IOException {
        // Given
        TestBundles.write(folder, "dogs");

        // When, Then
        assertFails(() -> fetch().bundle(), Reason.FILE_ALTERED, folder.resolve("bundle.yaml") + " (empty the folder)");
        fetch(Optional.empty()).bundle();
        assertThat(ModelBundle.open(folder).name()).isEqualTo("dogs");
        assertThat(bucket.asked).isEmpty();
    }

    @Test
    void shouldSayWhichObjectIsMissingAndWhatToDo() {
        // Given
        bucket.objects.clear();

        // When, Then
        assertFails(
                () -> fetch().manifest(),
                Reason.FILE_MISSING,
                MANIFEST + " does not exist: put a bundle's files there, bundle.yaml last, or correct the prefix");
    }

    @Test
    void shouldRefuseAManifestThatLeavesTheFolder() throws IOException {
        // Given
        String manifest = Files.readString(original.resolve("bundle.yaml"));
        String escaping = manifest.replace("files:", "files:\n  ../outside: " + "0".repeat(64));
        assertThat(escaping).isNotEqualTo(manifest);
        bucket.put(MANIFEST, escaping);

        // When, Then
        assertFails(() -> fetch(Optional.empty()).bundle(), Reason.INVALID_MANIFEST, "'../outside'");
        assertThat(folder.getParent()).doesNotExist();
    }

    @Test
    void shouldNotTakeALargeFileForAManifest() {
        // Given
        bucket.put(MANIFEST, "#".repeat(ManifestFile.MAX_BYTES + 1));

        // When, Then
        assertFails(() -> fetch(Optional.empty()).manifest(), Reason.INVALID_MANIFEST, MANIFEST + " is larger than");
    }

    @Test
    void shouldSayThatTheFolderCannotBeWritten() throws IOException {
        // Given
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "a file where the folder should be");

        // When, Then
        assertFails(() -> fetch().bundle(), Reason.UNREADABLE, "the folder must be writable and have room");
    }

    @Test
    void shouldRefuseSettingsThatNameNoBundle() {
        // When, Then
        Stream.of("", "/bundles", "bundles/", "a b").forEach(prefix -> assertThatIllegalArgumentException()
                .isThrownBy(() -> new BundleOrigin(prefix, Optional.empty()))
                .withMessageContaining("The prefix '" + prefix + "'"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BundleOrigin(PREFIX, Optional.of("91D5")))
                .withMessageContaining("is no SHA-256");
    }
}
