package dev.tessera.gateway;

/** Where one image of a job is on its way. */
public sealed interface ImageState {
    /** The name in JSON. */
    String key();

    /** How far along; images only go forward. */
    int rank();

    record Queued() implements ImageState {
        @Override
        public String key() {
            return "queued";
        }

        @Override
        public int rank() {
            return 0;
        }
    }

    /** @param tokensDone how many of the image's tokens are there */
    record Generating(int tokensDone) implements ImageState {
        @Override
        public String key() {
            return "generating";
        }

        @Override
        public int rank() {
            return 1;
        }
    }

    /** All tokens are there. */
    record Decoding() implements ImageState {
        @Override
        public String key() {
            return "decoding";
        }

        @Override
        public int rank() {
            return 2;
        }
    }

    /**
     * @param object the name in the bucket
     * @param sha256 of the PNG, in hex
     */
    record Stored(String object, long bytes, String sha256) implements ImageState {
        @Override
        public String key() {
            return "stored";
        }

        @Override
        public int rank() {
            return 3;
        }
    }
}
