package dev.tessera.importer.convolution;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The order of a map's pixels when it is made of tiles of {@value #SIDE} × {@value #SIDE}: some whole rows of tiles are a
 * chunk, in which all upper left pixels of its tiles come first, then their neighbours to the right, and so on. A
 * convolution leaves its result so without moving it, and what treats every pixel alike does not mind.
 *
 * <p>A pixel's place is the sum of a number of its row and one of its column.
 *
 * @param height in pixels, like the width a multiple of {@value #SIDE}
 */
record Tiling(int height, int width) {
    static final int SIDE = 4;

    /** Side of the window that a tile is worked out from. */
    static final int WINDOW = SIDE + 2;

    /** Bounds the memory of what is in work, and keeps it near the processor. */
    private static final int MOST_TILES = 1024;

    static Tiling of(FeatureMap map) {
        return new Tiling(map.height(), map.width());
    }

    int pixels() {
        return height * width;
    }

    int tilesAcross() {
        return width / SIDE;
    }

    int chunks() {
        int rows = height / SIDE;
        return IntStream.rangeClosed(1, rows)
                .filter(count -> rows % count == 0 && (long) rows / count * tilesAcross() <= MOST_TILES)
                .findFirst()
                .orElse(rows);
    }

    /** Rows of tiles in a chunk. */
    int chunkRows() {
        return height / SIDE / chunks();
    }

    int chunkTiles() {
        return chunkRows() * tilesAcross();
    }

    private long row(int y) {
        int tile = y / SIDE;
        long chunk = (long) tile / chunkRows() * SIDE * SIDE * chunkTiles();
        return chunk + (long) y % SIDE * SIDE * chunkTiles() + (long) tile % chunkRows() * tilesAcross();
    }

    private long column(int x) {
        return (long) x % SIDE * chunkTiles() + x / SIDE;
    }

    /**
     * Where a chunk's windows find their rows: [{@value #WINDOW}, rows of tiles in the chunk].
     *
     * @param source how the pixels lie that are looked at, of this size or of half of it
     */
    LongStream windowRows(int chunk, Tiling source) {
        int scale = height / source.height;
        return windows(chunkRows() * chunk, chunkRows())
                .mapToLong(y -> y < 0 || y >= height ? source.pixels() : source.row(y / scale));
    }

    /** Likewise their columns: [{@value #WINDOW}, tiles across]. Outside the map, the sum is not a pixel's place. */
    LongStream windowColumns(Tiling source) {
        int scale = width / source.width;
        return windows(0, tilesAcross())
                .mapToLong(x -> x < 0 || x >= width ? source.pixels() : source.column(x / scale));
    }

    private static IntStream windows(int first, int count) {
        return IntStream.range(0, WINDOW)
                .flatMap(i -> IntStream.range(first, first + count).map(tile -> tile * SIDE + i - 1));
    }
}
