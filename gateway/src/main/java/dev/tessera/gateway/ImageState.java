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

    /**
     * @param tokensDone how many of the base grid's tokens are there
     * @param tokensTotal of the base grid; 0 while it is not known
     */
    record Generating(int tokensDone, int tokensTotal) implements ImageState {
        /** Nothing is there yet. */
        static final Generating BEGUN = new Generating(0, 0);

        /** Whether the base grid is complete. */
        boolean whole() {
            return tokensTotal > 0 && tokensDone >= tokensTotal;
        }

        @Override
        public String key() {
            return "generating";
        }

        @Override
        public int rank() {
            return 1;
        }
    }

    /**
     * The base grid is there, and becomes a finer one.
     *
     * @param before tokens of the base grid, of an image whose base grid was drawn
     * @param tokensDone how many of the finer grid's tokens are there
     * @param tokensTotal of the finer grid; 0 while it is not known
     */
    record Upscaling(int before, int tokensDone, int tokensTotal) implements ImageState {
        /** Whether the finer grid is complete. */
        boolean whole() {
            return tokensTotal > 0 && tokensDone >= tokensTotal;
        }

        @Override
        public String key() {
            return "upscaling";
        }

        @Override
        public int rank() {
            return 2;
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
            return 3;
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
            return 4;
        }
    }
}
