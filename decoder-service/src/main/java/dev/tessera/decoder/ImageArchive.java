package dev.tessera.decoder;

import dev.tessera.inference.TokenGrid;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.JobObjects;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The images of jobs in the bucket: {@code tenant/job/index.png} and {@code tenant/job/index.tokens.json}. What is there
 * stays: of a repeat, the first result counts. Safe for use by many threads.
 */
final class ImageArchive {
    private static final String PNG = "image/png";
    private static final String JSON = "application/json";

    private final ObjectStore store;

    ImageArchive(ObjectStore store) {
        this.store = store;
    }

    /** The image as it lies in the bucket, if it does. */
    Optional<ImageStored> find(Job job, int imageIndex) {
        return store.get(name(job, imageIndex)).map(png -> stored(job, imageIndex, png));
    }

    /** Keeps the tokens of an image, unless they are there. */
    void keep(Job job, int imageIndex, TokenGrid tokens) {
        store.putIfAbsent(
                JobObjects.tokens(job.getTenant(), job.getId(), imageIndex), TokensJson.of(tokens), JSON, Map.of());
    }

    /**
     * Keeps an image, unless it is there.
     *
     * @return the image as it lies in the bucket then, which need not be this one
     */
    ImageStored keep(Job job, int imageIndex, byte[] png) {
        if (store.putIfAbsent(name(job, imageIndex), png, PNG, Map.of())) {
            return stored(job, imageIndex, png);
        }
        return find(job, imageIndex).orElseThrow(() -> removedMeanwhile(job, imageIndex));
    }

    private static ImageStored stored(Job job, int imageIndex, byte[] png) {
        return ImageStored.newBuilder()
                .setImageIndex(imageIndex)
                .setObject(name(job, imageIndex))
                .setBytes(png.length)
                .setSha256(sha256(png))
                .build();
    }

    private static String name(Job job, int imageIndex) {
        return JobObjects.png(job.getTenant(), job.getId(), imageIndex);
    }

    private static ObjectStoreException removedMeanwhile(Job job, int imageIndex) {
        return new ObjectStoreException(
                ObjectStoreException.Reason.UNAVAILABLE,
                name(job, imageIndex) + " was there and then was not",
                new IllegalStateException("removed while it was read"));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
