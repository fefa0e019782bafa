package dev.tessera.gateway;

/** What a job is to do. */
enum Task {
    /** Everything from the condition to the picture. */
    DRAW,
    /** Nothing but super-resolution, of a base picture that is there. */
    UPSCALE
}
