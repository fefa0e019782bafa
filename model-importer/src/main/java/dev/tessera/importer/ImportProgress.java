package dev.tessera.importer;

/** Hears how far an import is. Called on the importing thread. */
@FunctionalInterface
public interface ImportProgress {
    /** For who does not want to know. */
    ImportProgress SILENT = (step, done, total) -> {};

    /**
     * @param step what begins now, such as the name of the file to write
     * @param done steps that are finished, from 0
     * @param total steps of the whole import
     */
    void begins(String step, int done, int total);
}
