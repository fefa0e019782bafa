package dev.tessera.generator;

import static dev.tessera.generator.WindowImages.CLASSES;
import static dev.tessera.generator.WindowImages.DRAWN;
import static dev.tessera.generator.WindowImages.MAP;
import static dev.tessera.generator.WindowImages.drawn;
import static dev.tessera.generator.WindowImages.drawnInRows;
import static dev.tessera.generator.WindowImages.image;
import static dev.tessera.generator.WindowImages.map;
import static dev.tessera.generator.WindowImages.plainly;
import static dev.tessera.generator.WindowImages.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.NoConditioning;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowBatchTest {
    @ParameterizedTest
    @CsvSource({"4,4,1", "4,9,1", "9,4,2", "7,11,1", "7,11,2", "7,11,40", "12,13,3", "5,4,1", "20,20,9"})
    void shouldDrawTheSameTokensAsTheRasterOrderHoweverMuchItRemembers(int rows, int columns, int room) {
        for (Conditioning conditioning : List.of(CLASSES, MAP)) {
            // Given
            Condition condition = conditioning.equals(MAP) ? map(rows, columns, 3) : new Condition.OfClass(7);
            GenerationRequest request = request(condition, rows, columns, 5);
            var model = new FakeWindowModel(room, conditioning);

            // When
            TokenGrid inWaves = drawn(model, image(model, request));
            TokenGrid inRows = drawnInRows(new FakeWindowModel(room, conditioning), request, rows, columns);

            // Then
            assertThat(inWaves).isEqualTo(inRows).isEqualTo(plainly(conditioning, request, rows, columns));
        }
    }

    @Test
    void shouldFeedEachTokenOfAGridOfTheWindowsSizeOnce() {
        // Given
        var model = new FakeWindowModel(1, CLASSES);

        // When
        drawn(model, image(model, request(new Condition.OfClass(1), 4, 4, 1)));

        // Then: the class and all tokens but the last
        assertThat(model.fed).isEqualTo(16);
        assertThat(model.runs).hasSize(16).containsOnly(1);
    }

    @Test
    void shouldReadLessTheMoreItRemembers() {
        // Given
        GenerationRequest request = request(map(12, 14, 1), 12, 14, 1);
        long[] fed = IntStream.of(1, 2, 40)
                .mapToLong(room -> {
                    var model = new FakeWindowModel(room, MAP);
                    drawn(model, image(model, request));
                    return model.fed;
                })
                .toArray();

        // Then: of a window that stands still across rows, four tokens are new at each
        assertThat(fed[1]).isLessThan(fed[0]);
        assertThat(fed[2]).isLessThan(fed[1] * 9 / 10);
    }

    @Test
    void shouldRunRowsThatAreAWindowApartTogether() {
        // Given
        var model = new FakeWindowModel(2, CLASSES);

        // When
        drawn(model, image(model, request(new Condition.OfClass(1), 12, 20, 1)));

        // Then: fewer runs than cells, and several windows in one of them
        assertThat(model.runs.size()).isLessThan(12 * 20);
        assertThat(model.runs).contains(-3);
    }

    @Test
    void shouldFeedTheStartTokenToAModelOfNoCondition() {
        // Given
        var model = new FakeWindowModel(1, new NoConditioning());
        GenerationRequest request = request(new Condition.None(), 4, 6, 9);

        // When, Then
        assertThat(drawn(model, image(model, request))).isEqualTo(plainly(new NoConditioning(), request, 4, 6));
    }

    @Test
    void shouldDrawTheModelsOwnSizeWhenNoneIsAsked() {
        // Given
        var model = new FakeWindowModel(1, CLASSES);
        GenerationRequest request = Requests.ofClass(3, DRAWN, 4);

        // When
        TokenGrid tokens = drawn(model, image(model, request));

        // Then
        assertThat(tokens.rows()).isEqualTo(4);
        assertThat(tokens.columns()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 101})
    void shouldRefuseSizesThatItDoesNotMake(int columns) {
        // Given
        var model = new FakeWindowModel(1, CLASSES);
        GenerationRequest request = request(new Condition.OfClass(1), 4, columns, 1);

        // When, Then: less than a window, and more than 400 tokens
        refused(model, request, Reason.INVALID_REQUEST, "size");
    }

    @Test
    void shouldRefuseWhatIsNotOfItsKind() {
        var classes = new FakeWindowModel(1, CLASSES);
        var maps = new FakeWindowModel(1, MAP);
        refused(classes, request(new Condition.OfClass(10), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "0 to 9");
        refused(classes, request(new Condition.None(), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "class");
        refused(maps, request(new Condition.OfClass(1), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "map of 4 x 4");
        refused(maps, request(map(4, 5, 1), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "map of 4 x 4");
        var guided = new GenerationRequest(
                new Condition.OfClass(1), new Condition.None(), Requests.GUIDED, new ImageRandom(1, 0));
        refused(classes, guided, Reason.INVALID_REQUEST, "guidance_scale");
        var edited = new GenerationRequest(
                new Condition.OfClass(1),
                new Condition.None(),
                DRAWN,
                new ImageRandom(1, 0),
                new Canvas.Varied(new TokenGrid(4, 5, 32, new int[20]), 0.5f));
        refused(classes, edited, Reason.INVALID_REQUEST, "to edit is not of this model's grid");
    }

    private static void refused(FakeWindowModel model, GenerationRequest request, Reason reason, String message) {
        assertThatThrownBy(() -> image(model, request))
                .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                        .isEqualTo(reason.key()))
                .hasMessageContaining(message);
    }
}
