package dev.tessera.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFetchTest {
    private static final String PREFIX = "bundles/cats/1";
    private static final String MANIFEST = PREFIX + "/bundle.yaml";
    private static final String DECODER = PREFIX + "/" + BundleFiles.IMAGE_DECODER;

    private final Path original;
    private final Path folder;
    private final BucketFolder bucket = new BucketFolder();
    private final List<Duration> pauses = new ArrayList<>();
    private String digest = "";

    BundleFetchTest(@TempDir Path temporary) {
        original = temporary.resolve("original");
        folder = temporary.resolve("models/cats");
    }

    @BeforeEach
    void fill() throws IOException {
        digest = TestBundles.write(original, "cats").digest();
        bucket.put(PREFIX, original);
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
    void shouldTakeTheBundleThatIsThereWhereNoneIsPinned() {
        // When
        fetch(Optional.empty()).bundle();

        // Then
        assertThat(ModelBundle.open(folder).digest()).isEqualTo(digest);
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

    private BundleFetch fetch() {
        return fetch(Optional.of(digest));
    }

    private BundleFetch fetch(Optional<String> wanted) {
        var patience = new Patience(Duration.ofMinutes(1), this::now, pauses::add);
        return new BundleFetch(folder, new BundleOrigin(PREFIX, wanted), bucket, patience);
    }

    private Instant now() {
        return Instant.EPOCH.plus(pauses.stream().reduce(Duration.ZERO, Duration::plus));
    }

    private static void assertFails(ThrowingCallable call, Reason reason, String message) {
        assertThatExceptionOfType(BundleException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .withMessageContaining(message);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
