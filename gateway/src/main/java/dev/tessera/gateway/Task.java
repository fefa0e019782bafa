package dev.tessera.gateway;

/** What a job is to do. */
enum Task {
    /** Everything from the condition to the picture. */
    DRAW,
    /** Mask-free editing: of a picture that is there random cells are drawn anew, again and again. */
    RESAMPLE,
    /** Nothing but super-resolution, of a base picture that is there. */
    UPSCALE
}
