package dev.tessera.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.generator.WindowRule.Cell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowRuleTest {
    private static final String GRIDS = """
            16, 16, 16
            16, 40, 16
            40, 16, 16
            42, 64, 16
            32, 32, 16
            17, 19, 16
            20, 100, 16
            4, 4, 4
            7, 11, 4
            9, 6, 5
            """;

    /** The published script's place of a cell in its window, written as there. */
    private static int published(int cell, int cells, int side) {
        int half = side / 2;
        if (cell <= half) {
            return cell;
        }
        return cells - cell < half ? side - (cells - cell) : half;
    }

    @ParameterizedTest
    @CsvSource(textBlock = "16,16\n40,16\n42,16\n64,16\n17,16\n4,4\n11,4")
    void shouldPlaceWindowsAsThePublishedScriptDoes(int cells, int side) {
        // Given
        var rule = WindowRule.waveFront(cells, cells, side);

        // When, Then
        for (int cell = 0; cell < cells; cell++) {
            assertThat(cell - rule.top(cell)).isEqualTo(published(cell, cells, side));
            assertThat(cell - rule.left(cell)).isEqualTo(published(cell, cells, side));
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = GRIDS)
    void shouldDrawEveryCellOnceAfterAllThatItsWindowShows(int rows, int columns, int side) {
        // Given
        var rule = WindowRule.waveFront(rows, columns, side);
        Set<Cell> drawn = new HashSet<>();

        // When, Then
        for (int step = 0; step < rule.steps(); step++) {
            List<Cell> cells = rule.cells(step);
            assertThat(cells).isNotEmpty();
            cells.forEach(cell -> assertThat(drawn).containsAll(seen(rule, cell)));
            cells.forEach(cell -> assertThat(drawn.add(cell)).isTrue());
        }
        assertThat(drawn).hasSize(rows * columns);
    }

    @Test
    void shouldNeedAllOfItsLag() {
        // Given: one column less
        var rule = WindowRule.waveFront(42, 64, 16);
        Cell first = new Cell(1, 0);

        // When: what the first cell of the second row sees at the right end of its window
        boolean last = seen(rule, first).contains(new Cell(0, 15));

        // Then
        assertThat(last).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new WindowRule(42, 64, 16, 15));
    }

    @Test
    void shouldTakeFewerStepsThanThereAreCells() {
        assertThat(WindowRule.waveFront(42, 64, 16).steps()).isEqualTo(720);
        assertThat(WindowRule.waveFront(64, 64, 16).steps()).isEqualTo(1072);
        assertThat(WindowRule.raster(42, 64, 16).steps()).isEqualTo(42 * 64);
        assertThat(WindowRule.waveFront(16, 16, 16).steps()).isEqualTo(256);
    }

    @ParameterizedTest
    @CsvSource(textBlock = GRIDS)
    void shouldKnowHowLongAWindowStays(int rows, int columns, int side) {
        // Given
        var rule = WindowRule.waveFront(rows, columns, side);

        // When, Then
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                var cell = new Cell(row, column);
                boolean next = column + 1 < columns && rule.left(column + 1) == rule.left(column);
                assertThat(rule.staysForTheNext(cell)).isEqualTo(next);
                boolean below = row + 1 < rows && rule.top(row + 1) == rule.top(row);
                assertThat(rule.staysForTheNextRow(cell)).isEqualTo(below);
            }
        }
    }

    @Test
    void shouldRefuseAGridSmallerThanTheWindow() {
        assertThatIllegalArgumentException().isThrownBy(() -> WindowRule.waveFront(15, 16, 16));
    }

    private static List<Cell> seen(WindowRule rule, Cell cell) {
        List<Cell> seen = new ArrayList<>();
        for (int place = 0; place < rule.place(cell); place++) {
            seen.add(new Cell(
                    rule.top(cell.row()) + place / rule.side(), rule.left(cell.column()) + place % rule.side()));
        }
        return seen;
    }
}
