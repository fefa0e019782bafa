package dev.tessera.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackSecretsTest {
    private final StackHome home;

    StackSecretsTest(@TempDir Path folder) {
        home = new StackHome(folder);
    }

    @Test
    void shouldMakeThemOnceForTheOwnerOnly() throws IOException {
        // When
        StackSecrets first = StackSecrets.readOrCreate(home);
        StackSecrets second = StackSecrets.readOrCreate(home);

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(first.secretKey()).hasSize(40);
        assertThat(first.clusterId()).hasSize(22).doesNotStartWith("-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.secrets())))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldNotShowTheSecret() {
        // When
        StackSecrets secrets = StackSecrets.readOrCreate(home);

        // Then
        assertThat(secrets.toString()).doesNotContain(secrets.secretKey());
    }

    @Test
    void shouldRefuseAFileWithoutAKey() throws IOException {
        // Given
        Files.writeString(home.secrets(), "access-key=a\n");

        // When
        StackException e = catchThrowableOfType(StackException.class, () -> StackSecrets.readOrCreate(home));

        // Then
        assertThat(e.reason()).isEqualTo(StackException.Reason.STATE_UNREADABLE);
    }
}
