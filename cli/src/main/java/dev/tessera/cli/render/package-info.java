/** The whole pipeline in one process: the services' own algorithms, one after the other, without a broker or a bucket. */
@NullMarked
package dev.tessera.cli.render;

import org.jspecify.annotations.NullMarked;
