/** HTTP in, jobs out: accepts jobs, folds their events into a view, serves their images. */
@NullMarked
package dev.tessera.gateway;

import org.jspecify.annotations.NullMarked;
