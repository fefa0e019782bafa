/** A prompt comes in, conditioning for each image of the job goes out. */
@NullMarked
package dev.tessera.tokenizer;

import org.jspecify.annotations.NullMarked;
