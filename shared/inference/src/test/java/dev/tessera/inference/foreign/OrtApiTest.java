package dev.tessera.inference.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Linker;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrtApiTest {
    @Test
    void shouldRefuseALibraryThatIsNotTheRuntime() {
        // When, Then
        assertThatExceptionOfType(OrtStatusException.class)
                .isThrownBy(() -> NativeRuntime.of(Linker.nativeLinker().defaultLookup()))
                .withMessage("the library has no OrtGetApiBase");
        assertThatExceptionOfType(OrtStatusException.class)
                .isThrownBy(() -> NativeRuntime.of(name -> Optional.empty()))
                .withMessage("the library has no OrtGetApiBase");
    }

    @Test
    void shouldCallEachPlaceOfTheTableByOneName() {
        // When
        int[] places =
                Arrays.stream(OrtFunction.values()).mapToInt(OrtFunction::index).toArray();

        // Then
        assertThat(places).doesNotHaveDuplicates().isSorted();
    }
}
