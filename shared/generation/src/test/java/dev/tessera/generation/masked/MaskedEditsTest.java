package dev.tessera.generation.masked;

import static dev.tessera.generation.Requests.NOBODY;
import static dev.tessera.generation.masked.MaskedFixture.CELLS;
import static dev.tessera.generation.masked.MaskedFixture.CODES;
import static dev.tessera.generation.masked.MaskedFixture.blank;
import static dev.tessera.generation.masked.MaskedFixture.masked;
import static dev.tessera.generation.masked.MaskedFixture.on;
import static dev.tessera.generation.masked.MaskedFixture.picture;
import static dev.tessera.generation.masked.MaskedFixture.request;
import static dev.tessera.generation.masked.MaskedFixture.tells;
import static dev.tessera.generation.masked.MaskedFixture.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Steps;
import dev.tessera.inference.Resampling;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pictures of which a part is drawn anew. */
class MaskedEditsTest {
    private final MaskedFixture fixture = new MaskedFixture();
    private final FakeMaskedModel model = fixture.model;
    private final MaskedBatch batch = fixture.batch;

    @Test
    void shouldKeepTheTokensThatTheMaskLetsBe() {
        // Given
        int[] given = blank();
        IntStream.range(0, 10).forEach(cell -> given[cell] = cell);
        GenerationRequest request = request(3, 4, 5);

        // When
        MaskedImage image = fixture.joined(on(masked(cell -> cell >= 10), request), NOBODY);
        fixture.finish();

        // Then
        assertThat(tokens(image).ids())
                .isEqualTo(UnmaskingByTheBook.tokens(request, given))
                .startsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(model.runs).hasSize(6);
    }

    @Test
    void shouldDrawNothingWhereNothingIsOpen() {
        // When
        MaskedImage image = fixture.joined(on(masked(cell -> false), request(3, 4, 5)), NOBODY);

        // Then
        assertThat(tokens(image)).isEqualTo(picture());
        batch.removeEnded();
        assertThat(batch.isEmpty()).isTrue();
        assertThat(model.runs).isEmpty();
    }

    @Test
    void shouldVaryAPictureInTheLastStepsAlone() {
        // Given: of ten steps the last four, of sixteen cells about 16 · (1 − 0.6) are open
        GenerationRequest request = request(3, 4, 0, new Steps.Chosen(10, UnmaskingSchedule.LINEAR), 5);

        // When
        MaskedImage image = fixture.joined(on(new Canvas.Varied(picture(), 0.4f), request), NOBODY);
        int open = image.openCells().length;
        fixture.finish();

        // Then
        assertThat(model.runs).hasSize(4);
        assertThat(open).isBetween(2, 12);
        int[] ids = tokens(image).ids();
        assertThat(IntStream.range(0, CELLS).filter(cell -> ids[cell] == cell).count())
                .isBetween((long) CELLS - open, CELLS - 1L);
    }

    @Test
    void shouldResampleOtherCellsInEveryStep() {
        // Given: three of sixteen cells in each of fifty steps
        GenerationRequest request = request(3, 4, 0, new Steps.Chosen(50, UnmaskingSchedule.COSINE), 5);
        List<Integer> seen = new ArrayList<>();
        Set<Set<Integer>> opened = new HashSet<>();

        // When
        MaskedImage image =
                fixture.joined(on(new Canvas.Resampled(picture(), new Resampling(0.2f)), request), tells(seen, 150));
        while (!batch.isEmpty()) {
            opened.add(IntStream.of(image.openCells()).boxed().collect(Collectors.toSet()));
            batch.step();
            batch.removeEnded();
        }

        // Then
        assertThat(model.runs).hasSize(50);
        assertThat(opened).hasSizeGreaterThan(40).allSatisfy(cells -> assertThat(cells)
                .hasSize(3));
        assertThat(opened.stream().flatMap(Set::stream).distinct()).hasSize(CELLS);
        assertThat(seen).hasSize(50).startsWith(3, 6, 9).endsWith(150);
        assertThat(tokens(image)).isNotEqualTo(picture());
    }

    @Test
    void shouldDrawEverythingAnewAtFullStrength() {
        // Given
        GenerationRequest request = request(3, 4, 5);

        // When
        MaskedImage image = fixture.joined(on(new Canvas.Varied(picture(), 1), request), NOBODY);
        fixture.finish();

        // Then
        assertThat(tokens(image).ids()).isEqualTo(UnmaskingByTheBook.tokens(request, blank()));
    }

    @Test
    void shouldRefuseAPictureThatIsNoneOfTheModels() {
        for (TokenGrid other : List.of(
                new TokenGrid(4, 3, CODES, new int[12]),
                new TokenGrid(4, 4, CODES + 1, new int[16]),
                TokenGrid.ofScales(List.of(1, 4), CODES, new int[17]))) {
            assertThatThrownBy(() -> batch.image(on(new Canvas.Varied(other, 1), request(3, 4, 5)), NOBODY))
                    .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                            .isEqualTo("invalid_request"))
                    .hasMessageContaining("is not of this model's grid and codebook");
        }
    }
}
