package dev.tessera.objectstore;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/** Makes the bucket of the configuration injectable. */
@ApplicationScoped
public class ObjectStoreBeans {
    @Produces
    @ApplicationScoped
    ObjectStore objectStore(ObjectStoreConfig config) {
        return new MinioObjectStore(ObjectStoreSettings.of(config));
    }

    void close(@Disposes ObjectStore store) throws Exception {
        if (store instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
