package dev.tessera.cli.stack;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Properties;

/**
 * The key of the local S3 server and the broker's cluster id, made once per home.
 *
 * @param clusterId a Kafka UUID: 16 bytes, Base64 for URLs
 */
record StackSecrets(String accessKey, String secretKey, String clusterId) {

    static StackSecrets readOrCreate(StackHome home) {
        return Files.exists(home.secrets()) ? read(home) : create(home);
    }

    private static StackSecrets read(StackHome home) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(home.secrets())) {
            properties.load(reader);
        } catch (IOException e) {
            throw unreadable(home, e);
        }
        return new StackSecrets(
                required(home, properties, "access-key"),
                required(home, properties, "secret-key"),
                required(home, properties, "cluster-id"));
    }

    private static String required(StackHome home, Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw unreadable(home, new IOException(key + " is missing"));
        }
        return value;
    }

    private static StackException unreadable(StackHome home, IOException cause) {
        return new StackException(
                StackException.Reason.STATE_UNREADABLE,
                "cannot read " + home.secrets() + " (" + cause.getMessage()
                        + "): the data of this stack is lost without it; delete " + home.directory()
                        + " to begin anew",
                cause);
    }

    private static StackSecrets create(StackHome home) {
        SecureRandom random = new SecureRandom();
        StackSecrets secrets = new StackSecrets("tessera-" + hex(random, 4), hex(random, 20), clusterId(random));
        StackHome.writePrivately(
                home.secrets(),
                "access-key=%s%nsecret-key=%s%ncluster-id=%s%n"
                        .formatted(secrets.accessKey, secrets.secretKey, secrets.clusterId));
        return secrets;
    }

    private static String hex(SecureRandom random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    private static String clusterId(SecureRandom random) {
        byte[] value = new byte[16];
        random.nextBytes(value);
        // A leading dash would look like an option.
        value[0] &= 0x3f;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    /** Keeps the keys out of logs. */
    @Override
    public String toString() {
        return "StackSecrets[" + accessKey + "]";
    }
}
