package dev.tessera.generator;

import static dev.tessera.generator.WindowImages.CLASSES;
import static dev.tessera.generator.WindowImages.MAP;
import static dev.tessera.generator.WindowImages.drawn;
import static dev.tessera.generator.WindowImages.drawnInRows;
import static dev.tessera.generator.WindowImages.edit;
import static dev.tessera.generator.WindowImages.image;
import static dev.tessera.generator.WindowImages.map;
import static dev.tessera.generator.WindowImages.picture;
import static dev.tessera.generator.WindowImages.plainly;
import static dev.tessera.generator.WindowImages.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.PartialImage;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.Conditioning;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures of which a part is drawn anew. */
class WindowEditsTest {
    @ParameterizedTest
    @CsvSource({"4,4,1", "4,9,1", "9,4,2", "7,11,1", "7,11,2", "7,11,40", "12,13,3", "20,20,9"})
    void shouldDrawWhatAMaskOpensAsTheRasterOrderDoes(int rows, int columns, int room) {
        for (Conditioning conditioning : List.of(CLASSES, MAP)) {
            for (CellMask mask : List.of(
                    region(rows, columns, 1, 1, 3, 2),
                    region(rows, columns, rows - 1, columns - 1, 1, 1),
                    region(rows, columns, 0, columns / 2, rows, columns - columns / 2),
                    scattered(rows, columns, 8))) {
                // Given
                Condition condition = conditioning.equals(MAP) ? map(rows, columns, 3) : new Condition.OfClass(7);
                TokenGrid picture = picture(rows, columns, 4);
                GenerationRequest request = edit(condition, new Canvas.Masked(picture, mask), rows, columns, 5);
                var model = new FakeWindowModel(room, conditioning);

                // When
                TokenGrid inWaves = drawn(model, image(model, request));
                TokenGrid inRows = drawnInRows(new FakeWindowModel(room, conditioning), request, rows, columns);

                // Then
                assertThat(inWaves).isEqualTo(inRows).isEqualTo(plainly(conditioning, request, rows, columns));
                for (int cell = 0; cell < picture.size(); cell++) {
                    if (!mask.isRedrawn(cell)) {
                        assertThat(inWaves.id(cell)).isEqualTo(picture.id(cell));
                    }
                }
            }
        }
    }

    @Test
    void shouldFeedKeptTokensAndRunForThoseAloneThatAreDrawn() {
        // Given: two cells of the window's last row
        var model = new FakeWindowModel(1, CLASSES);
        var canvas = new Canvas.Masked(picture(4, 4, 1), region(4, 4, 3, 1, 1, 2));

        // When
        drawn(model, image(model, edit(new Condition.OfClass(1), canvas, 4, 4, 1)));

        // Then: the class and thirteen tokens at once, then the token that was drawn
        assertThat(model.fed).isEqualTo(15);
        assertThat(model.runs).containsExactly(1, 1);
    }

    @Test
    void shouldNotLetOthersWaitForStepsInWhichNothingIsDrawn() {
        // Given: one cell of a picture of many steps, and an image of sixteen
        var model = new FakeWindowModel(4, CLASSES);
        var canvas = new Canvas.Masked(picture(12, 12, 1), region(12, 12, 11, 3, 1, 1));
        WindowImage edited = image(model, edit(new Condition.OfClass(1), canvas, 12, 12, 1));
        var batch = new WindowBatch(model);
        batch.join(edited);

        // When
        batch.step();
        batch.step();

        // Then
        assertThat(tokens(edited).id(0)).isEqualTo(canvas.tokens().id(0));
        assertThat(model.runs).hasSize(1);
    }

    @Test
    void shouldDrawTheLastTokensAnewByStrength() {
        // Given
        var model = new FakeWindowModel(9, CLASSES);
        TokenGrid picture = picture(7, 11, 2);
        GenerationRequest varied = edit(new Condition.OfClass(1), new Canvas.Varied(picture, 0.25f), 7, 11, 3);

        // When
        TokenGrid tokens = drawn(model, image(model, varied));

        // Then: a quarter of 77 tokens
        assertThat(Arrays.copyOf(tokens.ids(), 58)).isEqualTo(Arrays.copyOf(picture.ids(), 58));
        assertThat(tokens).isNotEqualTo(picture);
    }

    @Test
    void shouldGoOnWithAnEditThatWasLeftUnfinished() {
        // Given: the first steps of it
        var model = new FakeWindowModel(3, CLASSES);
        var canvas = new Canvas.Masked(picture(7, 11, 2), scattered(7, 11, 3));
        GenerationRequest request = edit(new Condition.OfClass(1), canvas, 7, 11, 3);
        WindowImage left = image(model, request);
        var batch = new WindowBatch(model);
        batch.join(left);
        for (int step = 0; step < 6; step++) {
            batch.step();
        }
        PartialImage partial = left.partial();

        // When
        var other = new FakeWindowModel(2, CLASSES);
        TokenGrid tokens = drawn(other, image(other, request.after(partial)));

        // Then
        assertThat(partial.drawn()).isBetween(6, 76);
        assertThat(tokens).isEqualTo(plainly(CLASSES, request, 7, 11));
    }

    /** All but the cells from a row and column on, so many of them. */
    private static CellMask region(int rows, int columns, int row, int column, int height, int width) {
        byte[] redrawn = new byte[rows * columns];
        for (int i = row; i < row + height; i++) {
            for (int j = column; j < column + width; j++) {
                redrawn[i * columns + j] = 1;
            }
        }
        return new CellMask(rows, columns, redrawn);
    }

    private static CellMask scattered(int rows, int columns, long seed) {
        byte[] redrawn = new byte[rows * columns];
        var random = new Random(seed);
        for (int i = 0; i < redrawn.length; i++) {
            redrawn[i] = (byte) (random.nextInt(3) == 0 ? 1 : 0);
        }
        return new CellMask(rows, columns, redrawn);
    }
}
