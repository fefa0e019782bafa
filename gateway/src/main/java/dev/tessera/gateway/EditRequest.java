package dev.tessera.gateway;

import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;

/** What a job begins with. */
public sealed interface EditRequest {
    /** Nothing: the picture is made from its condition alone. */
    record None() implements EditRequest {}

    /**
     * A picture.
     *
     * @param edit still without the name of the source, which it gets when the job is accepted
     */
    record OfPicture(EditSource source, Edit edit) implements EditRequest {}
}
